/**
 * From the texts of `sluice.yaml` and the files it includes to a checked configuration.
 *
 * In two steps, so that one mistake is reported once: first each file against the schema, then, when all
 * of them have the right form, what they say against one another. Nothing here touches a file or the
 * environment; both are handed in.
 *
 * @module
 */
import { z } from 'zod'
import type { Place } from '../errors.ts'
import { checkGraphKeys } from './check-graph-keys.ts'
import { checkMappingShapes } from './check-mapping-shapes.ts'
import { checkSchema } from './check-schema.ts'
import { checkTables } from './check-tables.ts'
import { millisecondsOf } from './common-schema.ts'
import type { Configuration } from './configuration.ts'
import type { Connectors } from './connectors.ts'
import { collectDefinitions, type Definition, isThere, placeIn } from './definition.ts'
import { deriveMappings } from './derive-mappings.ts'
import type { CompileDisplay } from './displays.ts'
import type { Environment } from './fill-in.ts'
import { type Finding, findingCodes } from './finding.ts'
import { Findings } from './findings.ts'
import type { Syncmappings } from './graph-modules.ts'
import { moduleInputs, modulesSchema } from './graph-schema.ts'
import {
  type IncludedFileInput,
  includedFileSchema,
  type ProjectInput,
  projectSchema,
  storedFileSchema,
} from './project-schema.ts'
import { resolveAgent } from './resolve-agent.ts'
import { resolveJobs } from './resolve-jobs.ts'
import { resolveModel } from './resolve-model.ts'
import { resolveNotifications } from './resolve-notifications.ts'
import { resolvePrepare, resolveRepository } from './resolve-project.ts'
import { resolveRetention } from './resolve-retention.ts'
import { resolveServer } from './resolve-server.ts'
import { type ResolvePath, resolveSources } from './resolve-source.ts'
import type { Shaping } from './shaping.ts'
import { type SourceDefinition, sourceDefinition } from './source-definition.ts'
import type { SourceInput } from './source-schema.ts'
import { checkStorable, fileOfStored, type StoredDefinition } from './stored-definitions.ts'
import { type ConfigurationFile, readYaml, type YamlFile, type YamlPath } from './yaml-file.ts'

export interface ParseOptions {
  /** What `${NAME}` in a URL, a token or the environment of an export is taken from. */
  readonly environment?: Environment
  /** Makes `relative` absolute, as seen from `file`; left as it is when not given. */
  readonly resolvePath?: ResolvePath
  /** Definitions that the repository holds; none when absent. `unknown`: nobody has looked, so a name may be one of them. */
  readonly stored?: readonly StoredDefinition[] | 'unknown' | undefined
  /** Modules of graph sources and their language; without it such a source cannot be read. */
  readonly syncmappings?: Syncmappings | undefined
  /** What looks into expressions, patterns and tables; without it they are taken as they stand. */
  readonly shaping?: Shaping | undefined
  /** What makes names of expressions; without it, a type that is displayed by one cannot be read. */
  readonly compileDisplay?: CompileDisplay | undefined
  /** What checks the options of connectors; without it they are taken as they stand. */
  readonly connectors?: Connectors | undefined
  /** A file of sources that are to be stored, in place of those of the same names. */
  readonly applied?: ConfigurationFile | undefined
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
  const stored = storedFiles(options).map((file) => readYaml(file, findings))
  const allFiles = [mainFile, ...includedFiles, ...stored]

  const project = checkSchema(mainFile, projectSchema, findings)
  const parts = includedFiles.map((file) => ({
    file,
    value: checkSchema(file, includedFileSchema, findings),
  }))
  const storedParts = stored.map((file) => ({ file, value: checkSchema(file, storedFileSchema, findings) }))
  for (const file of allFiles) checkMappingShapes(file, findings)
  const placeOf = (path: YamlPath, part?: 'key' | 'value') => findPlace(allFiles, path, part)
  const done = () => findings.sorted(allFiles.map((file) => file.path))
  if (project === undefined || !findings.clean) return { findings: done(), placeOf }

  const configuration = resolve({ mainFile, project, parts, storedParts, options, placeOf, findings })
  return findings.clean ? { configuration, findings: done(), placeOf } : { findings: done(), placeOf }
}

/** What is to be stored stands in the place of what is. */
function storedFiles({ stored = [], applied }: ParseOptions): readonly ConfigurationFile[] {
  const kept = stored === 'unknown' ? [] : stored
  if (applied === undefined) return kept.map(fileOfStored)
  const names = readYaml(applied, new Findings()).value
  const replaced = ({ name }: StoredDefinition) => isThere(names, ['sources', name])
  return [...kept.filter((definition) => !replaced(definition)).map(fileOfStored), applied]
}

/** Where a project has its repository, or the server that it works through; `undefined` where the file does not tell. */
export function parsePlace(
  main: ConfigurationFile,
  { environment = {}, resolvePath = (_file, relative) => relative }: ParseOptions = {},
): Pick<Configuration, 'repository' | 'agent'> | undefined {
  const findings = new Findings()
  const file = readYaml(main, findings)
  const parsed = projectSchema.pick({ repository: true, agent: true }).loose().safeParse(file.value)
  if (!parsed.success) return undefined
  const { repository, agent } = parsed.data
  const place = {
    repository: resolveRepository(file, repository, environment, resolvePath, findings),
    agent: resolveAgent({ file, environment, resolvePath, findings }, agent),
  }
  return findings.clean ? place : undefined
}

/** What the graph sources of a file say of their modules, as far as the text can be read; `undefined`: it has no such source. */
export function readModulePatterns(file: ConfigurationFile): readonly string[] | undefined {
  const { value } = readYaml(file, new Findings())
  const parsed = graphSourcesSchema.safeParse(value)
  const graphs = parsed.success ? Object.values(parsed.data.sources).flatMap(({ graph }) => graph ?? []) : []
  if (graphs.length === 0) return undefined
  return graphs.flatMap(({ modules }) => moduleInputs(modules)).filter((one) => typeof one === 'string')
}

/** The connectors that sources of a file name, as far as the text can be read. */
export function readConnectorNames(file: ConfigurationFile): readonly string[] {
  const { value } = readYaml(file, new Findings())
  const parsed = connectorSourcesSchema.safeParse(value)
  if (!parsed.success) return []
  return Object.values(parsed.data.sources).flatMap((source) => source?.export?.connector ?? [])
}

const connectorSourcesSchema = z.looseObject({
  sources: z.record(
    z.string(),
    z
      .looseObject({ export: z.looseObject({ connector: z.string() }).optional().catch(undefined) })
      .optional()
      .catch(undefined),
  ),
})

/** Of each source no more than that. */
const graphSourcesSchema = z.looseObject({
  sources: z.record(
    z.string(),
    z.looseObject({
      graph: z.looseObject({ modules: modulesSchema }).optional().catch(undefined),
    }),
  ),
})

/** The patterns of `include`, as far as the text can be read; what is wrong with it `parseConfiguration` says. */
export function readIncludes(
  file: ConfigurationFile,
): readonly { readonly pattern: string; readonly place: Place }[] {
  const yaml = readYaml(file, new Findings())
  const result = projectSchema.pick({ include: true }).loose().safeParse(yaml.value)
  const patterns = result.success ? (result.data.include ?? []) : []
  return patterns.map((pattern, index) => ({ pattern, place: yaml.placeOf(['include', index]) }))
}

interface Part {
  readonly file: YamlFile
  readonly value: IncludedFileInput | undefined
}

interface Parts {
  readonly mainFile: YamlFile
  readonly project: ProjectInput
  readonly parts: readonly Part[]
  /** Of sources that the repository holds. */
  readonly storedParts: readonly Part[]
  readonly options: ParseOptions
  readonly placeOf: ParsedConfiguration['placeOf']
  readonly findings: Findings
}

function resolve(of: Parts): Configuration {
  const { mainFile, project, parts, options, placeOf, findings } = of
  const resolvePath = pathsOf(of)
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
  const written = collect('sources', (part) => part.sources)
  const stored = storedSources(of)
  const sources = new Map([...written, ...[...stored].filter(([name]) => !written.has(name))])
  const jobs = collect('jobs', (part) => part.jobs)

  const model = resolveModel(entityTypes, associations, {
    findings,
    language: project.language,
    compileDisplay: options.compileDisplay,
  })
  const workFolder = resolvePath(mainFile.path, project.workFolder ?? '.sluice')
  const { syncmappings, shaping } = options
  const { definitions, graphs } = deriveMappings(sources, model, { syncmappings, findings })
  const surroundings = {
    graphs,
    resolvePath,
    environment,
    connectors: options.connectors,
    workFolder,
    worthlessValues: project.worthlessValues ?? [],
    shaping,
    findings,
  }
  const othersMayBeStored = options.stored === 'unknown'
  checkRenamed(sources, findings)
  const resolvedSources = resolveSources(definitions, model, surroundings)
  checkGraphKeys(definitions, resolvedSources, model, findings)
  const replicas = [...resolvedSources.values()].flatMap(({ name, entities }) =>
    entities.map(({ entityType }) => ({ source: name, entityType })),
  )
  checkTables(model, replicas, (section, ...path) => placeOf([section, ...path], 'key'), findings)
  if (sources.size === 0 && options.stored === undefined) {
    const message = 'There is no source, so nothing can be synchronized.'
    findings.add(findingCodes.mapping, mainFile.placeOf([]), message, {
      severity: 'warning',
      remedy: 'Add one under sources.',
    })
  }
  const context = { file: mainFile, ...surroundings }
  const notifications = resolveNotifications(context, project.notifications, { sources, othersMayBeStored })
  return {
    repository: resolveRepository(mainFile, project.repository, environment, resolvePath, findings),
    model,
    sources: resolvedSources,
    definitions: definitionsOf(sources, resolvedSources, { written, stored }),
    prepare: resolvePrepare(mainFile, project.prepare, resolvePath, findings),
    workFolder,
    server: resolveServer(context, project.server),
    agent: resolveAgent(context, project.agent),
    jobs: resolveJobs(jobs, { sources: resolvedSources, othersMayBeStored }, findings),
    notifications,
    ageing: resolveAgeing(project.ageing),
    retention: resolveRetention({ ...context, sources: resolvedSources, notifications }, project.retention),
  }
}

const usualAgeing = '5m'

function resolveAgeing(input: ProjectInput['ageing'] = usualAgeing): number | undefined {
  return input === 'off' ? undefined : millisecondsOf(input)
}

type SourceInputs = ReadonlyMap<string, Definition<SourceInput>>

/** Those of the repository: what a file defines, too, is no concern of theirs. */
function storedSources({ storedParts, findings }: Parts): SourceInputs {
  const found = storedParts.map(({ file, value }) => ({ file, entries: value?.sources }))
  const stored = collectDefinitions('sources', found, findings)
  for (const definition of stored.values()) checkStorable(definition, findings)
  return stored
}

/** What is stored lies on no machine: its paths are those of the project that works with it. */
function pathsOf({ mainFile, storedParts, options }: Parts): ResolvePath {
  const resolvePath = options.resolvePath ?? ((_file, relative) => relative)
  const stored = new Set(storedParts.map(({ file }) => file.path))
  return (file, relative) => resolvePath(stored.has(file) ? mainFile.path : file, relative)
}

function definitionsOf(
  sources: SourceInputs,
  resolved: Configuration['sources'],
  { written, stored }: { readonly written: SourceInputs; readonly stored: SourceInputs },
): ReadonlyMap<string, SourceDefinition> {
  return new Map(
    [...sources].flatMap(([name, definition]) => {
      const source = resolved.get(name)
      if (source === undefined) return []
      const definedIn = written.has(name) ? 'file' : 'stored'
      const shadowsStored = definedIn === 'file' && stored.has(name)
      return [[name, sourceDefinition(definition, source, { definedIn, shadowsStored })]]
    }),
  )
}

/** A source has had its name before for itself. */
function checkRenamed(sources: SourceInputs, findings: Findings): void {
  for (const definition of sources.values()) {
    const { renamedFrom } = definition.value
    if (renamedFrom === undefined || !sources.has(renamedFrom)) continue
    const message = `Source "${renamedFrom}" still exists, so "${definition.name}" cannot be renamed from it.`
    findings.add(findingCodes.wrongValue, placeIn(definition, ['renamedFrom']), message, {
      remedy: `Remove renamedFrom, or remove "${renamedFrom}".`,
    })
  }
}

/** In the file that defines the named thing the path begins with. */
function findPlace(files: readonly YamlFile[], path: YamlPath, part: 'key' | 'value' | undefined): Place {
  const file = files.find(({ value }) => isThere(value, path.slice(0, 2))) ?? files[0]
  return file === undefined ? { file: '' } : file.placeOf(path, part)
}
