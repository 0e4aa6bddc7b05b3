/**
 * Loads the connector of a source, and gives it what it needs to work.
 *
 * @module
 */
import { resolve } from 'node:path'
import { type ConnectorExport, type Environment, suggestion } from '@sluice/model'
import type { z } from 'zod'
import type { Connector, ConnectorContext, ReadyConnector } from '../contract/connector.ts'
import type { OnProgramLine } from '../contract/export-request.ts'
import { missingPackages } from '../kinds/installed.ts'
import { loadConnector } from '../kinds/load-connector.ts'
import {
  ConnectorOptionsError,
  ConnectorPackageMissingError,
  ConnectorUnknownError,
} from './connector-errors.ts'
import { Secrets } from './read-secret.ts'

interface ConnectorUse {
  readonly source: string
  readonly environment: Environment
  readonly log: OnProgramLine | undefined
  readonly signal: AbortSignal
}

export interface OpenedConnector {
  readonly connector: ReadyConnector
  readonly context: ConnectorContext
  readonly secrets: Secrets
}

/** Throws where it cannot be loaded, lacks a package, or has options that cannot be used here. */
export async function openConnector(by: ConnectorExport, use: ConnectorUse): Promise<OpenedConnector> {
  const { source, environment, log, signal } = use
  const { workingFolder } = by
  const found = await loadConnector(by.connector, workingFolder)
  if ('problem' in found) throw new ConnectorUnknownError(source, found.problem, found.remedy)
  const missing = missingPackages(found)
  if (missing.length > 0) throw new ConnectorPackageMissingError(found.kind, missing)
  const [unset] = by.unset
  if (unset !== undefined)
    throw new ConnectorOptionsError(source, `the environment variable "${unset}" is not set.`)
  const fitting = found.schema.safeParse(by.options)
  if (!fitting.success) throw unfit(source, found, fitting.error)
  const resolvePath = (path: string) => resolve(workingFolder, path)
  const secrets = new Secrets({ source, environment, resolvePath, workingFolder, signal })
  const context: ConnectorContext = {
    source,
    secret: (reference) => secrets.read(reference),
    environment,
    resolvePath,
    log: (text) => log?.({ stream: 'stdout', text: secrets.hide(text) }),
    signal,
  }
  return { connector: found.with(by.options), context, secrets }
}

function unfit(source: string, { schema }: Connector, { issues }: z.ZodError): ConnectorOptionsError {
  const [issue] = issues
  const place = issue?.path.join('.') ?? ''
  if (issue?.code !== 'unrecognized_keys')
    return new ConnectorOptionsError(source, `${place} ${issue?.message ?? ''}.`, 'Correct it: sluice check')
  const [key = ''] = issue.keys
  const known = place === '' ? suggestion(key, Object.keys(schema.shape)) : undefined
  return new ConnectorOptionsError(source, `there is no option "${key}".`, known)
}
