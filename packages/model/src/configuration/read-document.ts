/**
 * A YAML file of its own, that is no part of the configuration.
 *
 * @module
 */
import type { z } from 'zod'
import { checkValue } from './check-schema.ts'
import type { Finding } from './finding.ts'
import { Findings } from './findings.ts'
import { type ConfigurationFile, readYaml } from './yaml-file.ts'

export interface ReadDocument {
  /** As it is written; `undefined` where the text is no YAML. */
  readonly written: unknown
  readonly findings: readonly Finding[]
}

/** @param fill What is checked in place of what is written: of the same form, so that findings have their places. */
export function readDocument(
  file: ConfigurationFile,
  schema: z.ZodType,
  fill: (written: unknown) => unknown,
): ReadDocument {
  const findings = new Findings()
  const yaml = readYaml(file, findings)
  if (yaml.value !== undefined) checkValue(yaml, { value: fill(yaml.value), path: [] }, schema, findings)
  return { written: yaml.value, findings: findings.sorted([file.path]) }
}
