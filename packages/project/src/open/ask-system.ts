/**
 * Asks the managed system of a source, by its connector: what is visible, and what could be mapped. No repository is opened.
 *
 * @module
 */
import {
  type AskRequest,
  type Checked,
  checkSystem,
  type Discovered,
  discoverSystem,
  suggestMapping,
} from '@sluice/connectors'
import type { Environment } from '@sluice/model'
import { type ProjectPlace, requireConfiguration } from '../folder/load-configuration.ts'
import { UnknownSourceError } from './project-errors.ts'

export interface AskSystemOptions {
  /** What variables and secrets are taken from; nothing when absent. */
  readonly environment?: Environment
  readonly signal?: AbortSignal | undefined
}

/** Connects to the managed system of a source, and says what is visible; throws where it cannot. */
export async function checkSource(
  of: ProjectPlace,
  source: string,
  options: AskSystemOptions = {},
): Promise<Checked> {
  return checkSystem(await requestOf(of, source, options))
}

/** Which tables and columns the managed system of a source has, and a configuration of them to begin with. */
export async function discoverSource(
  of: ProjectPlace,
  source: string,
  options: AskSystemOptions = {},
): Promise<{ readonly discovered: Discovered; readonly suggestion: string }> {
  const discovered = await discoverSystem(await requestOf(of, source, options))
  return { discovered, suggestion: suggestMapping(source, discovered) }
}

/** A configuration to begin with, as YAML, made of what the managed system of a source holds. */
export async function suggestSource(
  of: ProjectPlace,
  source: string,
  options: AskSystemOptions = {},
): Promise<string> {
  return (await discoverSource(of, source, options)).suggestion
}

async function requestOf(
  of: ProjectPlace,
  name: string,
  { environment = {}, signal }: AskSystemOptions,
): Promise<AskRequest> {
  const { sources } = await requireConfiguration(of, { environment, stored: 'unknown' })
  const source = sources.get(name)
  if (source === undefined) throw new UnknownSourceError(name, [...sources.keys()])
  return { source, environment, signal }
}
