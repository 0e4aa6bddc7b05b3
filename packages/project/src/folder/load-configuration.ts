/**
 * Reads a project's configuration from its folder: `sluice.yaml` and the files it includes.
 *
 * The only place that knows configuration as files; what they mean is up to `parseConfiguration`.
 *
 * @module
 */
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTemporaryFallback } from '@sluice/files'
import {
  type Configuration,
  type ConfigurationFile,
  type ConfigurationObject,
  type EntityModel,
  type Environment,
  type Finding,
  fileOfObject,
  fileOfStored,
  findingCodes,
  InvalidConfigurationError,
  type ParsedConfiguration,
  type ParseOptions,
  type Place,
  parseConfiguration,
  parseModel,
  parsePlace,
  readIncludes,
} from '@sluice/model'
import { glob } from 'tinyglobby'
import { loadDisplays } from '../display/load-displays.ts'
import { display } from './display-path.ts'
import { readConnectors } from './read-connectors.ts'
import { readShaping } from './read-shaping.ts'
import { readSyncmappings } from './read-syncmappings.ts'

/** What a project's main file is called. */
const projectFile = 'sluice.yaml'

/**
 * A project: a folder that holds `sluice.yaml`, such a file, or a configuration that is an object, as the file would hold it.
 *
 * Paths within the object are relative to `folder`, the current one when it is not given.
 */
export type ProjectPlace =
  | string
  | { readonly configuration: ConfigurationObject; readonly folder?: string | undefined }

export interface LoadOptions {
  /** What `${NAME}` in the repository's URL is taken from, usually `process.env`. */
  readonly environment?: Environment | undefined
  /** A missing file is an empty one: for whoever only looks at a server. */
  readonly orEmpty?: boolean | undefined
  /** Definitions of sources that the repository holds; none when absent. */
  readonly stored?: ParseOptions['stored']
}

/** The files of a project, read; what they say depends on what its repository holds, too. */
export interface ProjectText {
  /** Where the repository is, or the server; `undefined` where the file does not tell. */
  readonly place: Pick<Configuration, 'repository' | 'agent'> | undefined
  /** The language of syncmappings is loaded where a source, in a file or stored, is a graph. */
  parse(of?: Pick<ParseOptions, 'stored' | 'applied'>): Promise<LoadedConfiguration>
  /** For callers who cannot go on without; throws `InvalidConfigurationError`. */
  require(of?: Pick<ParseOptions, 'stored'>): Promise<Configuration>
}

export interface LoadedConfiguration extends ParsedConfiguration {
  /** Absolute path of the folder of `sluice.yaml`. */
  readonly folder: string
}

/** Findings name files relative to the current folder, and parts of an object by their paths within it. */
export async function readProject(of: ProjectPlace, options: LoadOptions = {}): Promise<ProjectText> {
  const { mainPath, mainFile } = await readMain(of, options.orEmpty === true)
  const folder = dirname(mainPath)
  if ('reason' in mainFile) {
    const findings = [unreadable({ file: display(mainPath) }, mainFile)]
    return textOf(undefined, async () => ({ findings, placeOf: nowhere(mainPath), folder }))
  }

  const { files, findings } = await readIncluded(mainFile, mainPath)
  const ofFiles = await readSyncmappings([mainFile, ...files])
  const connectors = await readConnectors([mainFile, ...files])
  const shapingOfFiles = await readShaping([mainFile, ...files])
  const surroundings = {
    environment: options.environment ?? {},
    resolvePath: (file: string, target: string) => resolve(dirname(resolve(file)), target),
  }
  const compileDisplay = await loadDisplays([mainFile, ...files])
  const languages = { connectors, compileDisplay }
  return textOf(parsePlace(mainFile, surroundings), async (of) => {
    const stored = definitionsOf(of)
    const syncmappings = ofFiles ?? (await readSyncmappings(stored))
    const shaping = shapingOfFiles ?? (await readShaping(stored))
    const parsed = parseConfiguration([mainFile, ...files], {
      ...surroundings,
      ...languages,
      syncmappings,
      shaping,
      ...of,
    })
    const all = [...findings, ...parsed.findings]
    const { placeOf } = parsed
    return findings.length === 0 && parsed.configuration !== undefined
      ? { configuration: parsed.configuration, findings: all, placeOf, folder }
      : { findings: all, placeOf, folder }
  })
}

function textOf(
  place: ProjectText['place'],
  parse: (of: Pick<ParseOptions, 'stored' | 'applied'>) => Promise<LoadedConfiguration>,
): ProjectText {
  return {
    place,
    parse: async (of = {}) => usable(await parse(of)),
    require: async (of = {}) => {
      const { configuration, findings } = usable(await parse(of))
      if (configuration === undefined) throw new InvalidConfigurationError(findings)
      return configuration
    },
  }
}

/** That are in no file of the project. */
function definitionsOf({
  stored = [],
  applied,
}: Pick<ParseOptions, 'stored' | 'applied'>): readonly ConfigurationFile[] {
  const kept = stored === 'unknown' ? [] : stored.map(fileOfStored)
  return applied === undefined ? kept : [...kept, applied]
}

/** What this process needs for a moment lies in the work folder of its project, where the system has no place for it. */
function usable(loaded: LoadedConfiguration): LoadedConfiguration {
  if (loaded.configuration !== undefined) setTemporaryFallback(loaded.configuration.workFolder)
  return loaded
}

/** The configuration, as far as the files tell. */
export async function loadConfiguration(
  of: ProjectPlace,
  options: LoadOptions = {},
): Promise<LoadedConfiguration> {
  const { stored } = options
  return await (await readProject(of, options)).parse({ stored })
}

/** The configuration, for callers who cannot go on without; throws `InvalidConfigurationError`. */
export async function requireConfiguration(
  of: ProjectPlace,
  options: LoadOptions = {},
): Promise<Configuration> {
  const { stored } = options
  return await (await readProject(of, options)).require({ stored })
}

/** The texts of a project that can be read: `sluice.yaml` first, then what it includes. */
export async function readProjectFiles(of: ProjectPlace): Promise<readonly ConfigurationFile[]> {
  const { mainPath, mainFile } = await readMain(of, false)
  if ('reason' in mainFile) return []
  return [mainFile, ...(await readIncluded(mainFile, mainPath)).files]
}

/** The entity model alone, whatever is wrong with the rest; throws `InvalidConfigurationError`. */
export async function requireModel(of: ProjectPlace): Promise<EntityModel> {
  const { mainPath, mainFile } = await readMain(of, false)
  if ('reason' in mainFile)
    throw new InvalidConfigurationError([unreadable({ file: display(mainPath) }, mainFile)])
  const { files, findings } = await readIncluded(mainFile, mainPath)
  const parsed = parseModel([mainFile, ...files], await loadDisplays([mainFile, ...files]))
  if (findings.length > 0 || parsed.model === undefined)
    throw new InvalidConfigurationError([...findings, ...parsed.findings])
  return parsed.model
}

interface Main {
  /** Absolute; of an object, as if it lay in its folder. */
  readonly mainPath: string
  readonly mainFile: ConfigurationFile | Unreadable
}

async function readMain(of: ProjectPlace, orEmpty: boolean): Promise<Main> {
  if (typeof of !== 'string') {
    const mainPath = resolve(of.folder ?? '.', 'configuration')
    return { mainPath, mainFile: fileOfObject(display(mainPath), of.configuration) }
  }
  const mainPath = await findMainFile(resolve(of))
  const found = await readText(mainPath)
  const main = typeof found !== 'string' && found.missing && orEmpty ? '' : found
  return { mainPath, mainFile: typeof main === 'string' ? { path: display(mainPath), text: main } : main }
}

/** Of a folder, or of the file itself. */
export async function findMainFile(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => !/\.ya?ml$/i.test(path),
  )
  return isFolder ? resolve(path, projectFile) : path
}

interface Unreadable {
  readonly missing: boolean
  readonly reason: string
  readonly remedy: string | undefined
}

async function readText(path: string): Promise<string | Unreadable> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ENOENT') return { missing: false, reason: String(error), remedy: undefined }
    return {
      missing: true,
      reason: 'There is no such file.',
      remedy: path.endsWith(projectFile) ? 'Make a project with: sluice init' : undefined,
    }
  }
}

function unreadable(place: Place, { reason, remedy }: Pick<Unreadable, 'reason' | 'remedy'>): Finding {
  return { severity: 'error', code: findingCodes.unreadable, ...place, message: reason, remedy }
}

/** A file that two patterns name is read once. */
async function readIncluded(
  main: ConfigurationFile,
  mainPath: string,
): Promise<{ readonly files: readonly ConfigurationFile[]; readonly findings: readonly Finding[] }> {
  const files = new Map<string, ConfigurationFile>()
  const findings: Finding[] = []
  for (const { pattern, place } of readIncludes(main)) {
    const paths = await glob(pattern, { cwd: dirname(mainPath), absolute: true, expandDirectories: false })
    if (paths.length === 0) {
      const reason = `No file is called "${pattern}".`
      findings.push(unreadable(place, { reason, remedy: 'Paths are relative to the file that includes.' }))
    }
    for (const path of paths.map((found) => resolve(found)).sort()) {
      if (path === mainPath || files.has(path)) continue
      const text = await readText(path)
      if (typeof text === 'string') files.set(path, { path: display(path), text })
      else findings.push(unreadable(place, text))
    }
  }
  return { files: [...files.values()], findings }
}

function nowhere(path: string): ParsedConfiguration['placeOf'] {
  return () => ({ file: display(path) })
}
