/**
 * Makes the configuration of a source that is not there yet, from its connector and what that finds. No repository is opened, and nothing is
 * written.
 *
 * @module
 */
import {
  type Checked,
  type ConnectorQuestion,
  ConnectorUnknownError,
  checkSystem,
  discoverSystem,
  loadConnector,
  questionsOf,
  suggestMapping,
} from '@sluice/connectors'
import { type ConnectorExport, type Environment, InvalidConfigurationError } from '@sluice/model'
import { loadConfiguration, type ProjectPlace } from '../folder/load-configuration.ts'
import { SourceExistsError } from './project-errors.ts'

/** Milliseconds, of what is not done here: an export. */
const timeout = 3_600_000

export interface NewSource {
  readonly name: string
  /** A kind of `listConnectors`, a path from the project on, or an npm package of it. */
  readonly connector: string
  /** Of the connector; `tables` are found where none are given. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface AddSourceOptions {
  /** What variables and secrets are taken from; nothing when absent. */
  readonly environment?: Environment
  readonly signal?: AbortSignal | undefined
}

export interface SuggestedSource {
  /** What is visible of the managed system. */
  readonly checked: Checked
  /** Entity types, associations and the source, as a file of the project. */
  readonly yaml: string
}

/** What has to be known before its system can be reached. Throws where there is no such connector. */
export async function askedOptions(
  of: ProjectPlace,
  { name, connector }: Pick<NewSource, 'name' | 'connector'>,
): Promise<readonly ConnectorQuestion[]> {
  const { folder } = await projectOf(of)
  const found = await loadConnector(connector, folder)
  if ('problem' in found) throw new ConnectorUnknownError(name, found.problem, found.remedy)
  return questionsOf(found)
}

/** Connects, looks at what is there, and writes the source down. Throws where it cannot connect, or the name is taken. */
export async function suggestNewSource(
  of: ProjectPlace,
  { name, connector, options }: NewSource,
  { environment = {}, signal }: AddSourceOptions = {},
): Promise<SuggestedSource> {
  const { folder, configuration } = await projectOf(of, environment)
  if (configuration.sources.has(name)) throw new SourceExistsError(name)
  const by: ConnectorExport = {
    connector,
    options: { tables: {}, ...options },
    secrets: [],
    unset: [],
    workingFolder: folder,
    timeout,
    retries: 0,
  }
  const request = { source: { name, export: by }, environment, signal }
  const checked = await checkSystem(request)
  const yaml = suggestMapping(name, await discoverSystem(request), { connector, options })
  return { checked, yaml }
}

/** What there is has to be right before something is added. */
async function projectOf(of: ProjectPlace, environment: Environment = {}) {
  const { folder, configuration, findings } = await loadConfiguration(of, { environment, stored: 'unknown' })
  if (configuration === undefined) throw new InvalidConfigurationError(findings)
  return { folder, configuration }
}
