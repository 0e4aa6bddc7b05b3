/**
 * The entity model of a project by itself, whatever its sources say: for the checks of syncmappings, which are wrong as long as
 * somebody writes them, and are part of a source.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import { checkSchema } from './check-schema.ts'
import { collectDefinitions } from './definition.ts'
import type { CompileDisplay } from './displays.ts'
import type { Finding } from './finding.ts'
import { Findings } from './findings.ts'
import { projectSchema } from './project-schema.ts'
import { resolveModel } from './resolve-model.ts'
import { type ConfigurationFile, readYaml } from './yaml-file.ts'

export interface ParsedModel {
  /** Absent when a finding is an error. */
  readonly model?: EntityModel
  readonly findings: readonly Finding[]
}

/** `sluice.yaml` first, then the included files in their order. */
export function parseModel(
  files: readonly ConfigurationFile[],
  compileDisplay?: CompileDisplay | undefined,
): ParsedModel {
  const findings = new Findings()
  const parts = files.map((one) => {
    const file = readYaml(one, findings)
    return { file, value: checkSchema(file, modelSchema, findings) }
  })
  const entityTypes = parts.map(({ file, value }) => ({ file, entries: value?.entityTypes }))
  const associations = parts.map(({ file, value }) => ({ file, entries: value?.associations }))
  const model = resolveModel(
    collectDefinitions('entityTypes', entityTypes, findings),
    collectDefinitions('associations', associations, findings),
    { findings, compileDisplay, language: parts[0]?.value?.language },
  )
  const sorted = findings.sorted(files.map(({ path }) => path))
  return findings.clean ? { model, findings: sorted } : { findings: sorted }
}

const modelSchema = projectSchema.pick({ language: true, entityTypes: true, associations: true }).loose()
