/**
 * From the texts of `sluice.yaml` and the files it includes to a checked configuration.
 *
 * In two steps, so that one mistake is reported once: first each file against the schema, then, when all
 * of them have the right form, what they say against one another. Nothing here touches a file or the
 * environment; both are handed in.
 *
 * @module
 */
import type { Place } from '../errors.ts'
import { checkSchema } from './check-schema.ts'
import { checkTables } from './check-tables.ts'
import type { Configuration } from './configuration.ts'
import { collectDefinitions } from './definition.ts'
import type { Environment } from './fill-in.ts'
import { type Finding, findingCodes } from './finding.ts'
import { Findings } from './findings.ts'
import {
  type IncludedFileInput,
  includedFileSchema,
  type ProjectInput,
  projectSchema,
} from './project-schema.ts'
import { resolveAgent } from './resolve-agent.ts'
import { resolveJobs } from './resolve-jobs.ts'
import { resolveModel } from './resolve-model.ts'
import { resolveNotifications } from './resolve-notifications.ts'
import { resolvePrepare, resolveRepository } from './resolve-project.ts'
import { resolveServer } from './resolve-server.ts'
import { type ResolvePath, resolveSources } from './resolve-source.ts'
import { type ConfigurationFile, readYaml, type YamlFile, type YamlPath } from './yaml-file.ts'

export interface ParseOptions {
  /** What `${NAME}` in a URL, a token or the environment of an export is taken from. */
  readonly environment?: Environment
  /** Makes `relative` absolute, as seen from `file`; left as it is when not given. */
  readonly resolvePath?: ResolvePath
}

export interface ParsedConfiguration {
  /** Absent when a finding is an error. */
  readonly configuration?: Configuration
  readonly findings: readonly Finding[]
  /** Where a part stands, by its path from the root, such as `['sources', 'hr', 'folder']`. */
  placeOf(path: YamlPath, part?: 'key' | 'value'): Place
}

/** `sluice.yaml` first, then the included files in their order. */
export function parseConfiguration(
  files: readonly [ConfigurationFile, ...ConfigurationFile[]],
  options: ParseOptions = {},
): ParsedConfiguration {
  const findings = new Findings()
  const [main, ...included] = files
  const mainFile = readYaml(main, findings)
  const includedFiles = included.map((file) => readYaml(file, findings))
  const allFiles = [mainFile, ...includedFiles]

  const project = checkSchema(mainFile, projectSchema, findings)
  const parts = includedFiles.map((file) => ({
    file,
    value: checkSchema(file, includedFileSchema, findings),
  }))
  const placeOf = (path: YamlPath, part?: 'key' | 'value') => findPlace(allFiles, path, part)
  const done = () => findings.sorted(files.map((file) => file.path))
  if (project === undefined || !findings.clean) return { findings: done(), placeOf }

  const configuration = resolve({ mainFile, project, parts, options, placeOf, findings })
  return findings.clean ? { configuration, findings: done(), placeOf } : { findings: done(), placeOf }
}

/** The patterns of `include`, as far as the text can be read; what is wrong with it `parseConfiguration` says. */
export function readIncludes(
  file: ConfigurationFile,
): readonly { readonly pattern: string; readonly place: Place }[] {
  const yaml = readYaml(file, new Findings())
  const result = projectSchema.pick({ include: true }).loose().safeParse(yaml.value)
  const patterns = result.success ? (result.data.include ?? []) : []
  return patterns.map((pattern, index) => ({ pattern, place: yaml.placeOf(['include', index]) }))
}

interface Parts {
  readonly mainFile: YamlFile
  readonly project: ProjectInput
  readonly parts: readonly { readonly file: YamlFile; readonly value: IncludedFileInput | undefined }[]
  readonly options: ParseOptions
  readonly placeOf: ParsedConfiguration['placeOf']
  readonly findings: Findings
}

function resolve({ mainFile, project, parts, options, placeOf, findings }: Parts): Configuration {
  const resolvePath = options.resolvePath ?? ((_file, relative) => relative)
  const environment = options.environment ?? {}
  const all = [{ file: mainFile, value: project }, ...parts]
  const collect = <T>(
    section: string,
    entriesOf: (part: IncludedFileInput) => Readonly<Record<string, T>> | undefined,
  ) => {
    const found = all.map(({ file, value }) => ({ file, entries: value && entriesOf(value) }))
    return collectDefinitions(section, found, findings)
  }
  const entityTypes = collect('entityTypes', (part) => part.entityTypes)
  const associations = collect('associations', (part) => part.associations)
  const sources = collect('sources', (part) => part.sources)
  const jobs = collect('jobs', (part) => part.jobs)

  const model = resolveModel(entityTypes, associations, findings)
  const workFolder = resolvePath(mainFile.path, project.workFolder ?? '.sluice')
  const { worthlessValues = [] } = project
  const surroundings = { resolvePath, environment, workFolder, worthlessValues, findings }
  const resolvedSources = resolveSources(sources, model, surroundings)
  const replicas = [...resolvedSources.values()].flatMap(({ name, entities }) =>
    entities.map(({ entityType }) => ({ source: name, entityType })),
  )
  checkTables(model, replicas, (section, ...path) => placeOf([section, ...path], 'key'), findings)
  if (sources.size === 0) {
    const message = 'There is no source, so nothing can be synchronized.'
    findings.add(findingCodes.mapping, mainFile.placeOf([]), message, {
      severity: 'warning',
      remedy: 'Add one under sources.',
    })
  }
  const context = { file: mainFile, ...surroundings }
  return {
    repository: resolveRepository(mainFile, project.repository, environment, resolvePath, findings),
    model,
    sources: resolvedSources,
    prepare: resolvePrepare(mainFile, project.prepare, resolvePath, findings),
    workFolder,
    server: resolveServer(context, project.server),
    agent: resolveAgent(context, project.agent),
    jobs: resolveJobs(jobs, resolvedSources, findings),
    notifications: resolveNotifications(context, project.notifications, sources),
  }
}

/** In the file that defines the named thing the path begins with. */
function findPlace(files: readonly YamlFile[], path: YamlPath, part: 'key' | 'value' | undefined): Place {
  const file = files.find(({ value }) => has(value, path.slice(0, 2))) ?? files[0]
  return file === undefined ? { file: '' } : file.placeOf(path, part)
}

function has(value: unknown, path: YamlPath): boolean {
  const [key, ...rest] = path
  if (key === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return has(Reflect.get(value, key), rest)
}
