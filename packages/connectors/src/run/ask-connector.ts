/**
 * Asks the connector of a source what is visible, without exporting anything.
 *
 * @module
 */
import type { Environment, Source } from '@sluice/model'
import type { Checked, ConnectorContext, ReadyConnector } from '../contract/connector.ts'
import type { Discovered } from '../contract/discovered.ts'
import { attempting } from './attempts.ts'
import { NoConnectorError } from './connector-errors.ts'
import { inTime } from './in-time.ts'
import { openConnector } from './open-connector.ts'

export interface AskRequest {
  readonly source: Pick<Source, 'name' | 'export'>
  readonly environment: Environment
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds: a person waits for it. */
const timeout = 120_000

/** Connects, and says what is visible of the managed system; throws `ConnectorFailedError` where it cannot. */
export function checkSystem(request: AskRequest): Promise<Checked> {
  return asking(request, (connector, context) => connector.check(context))
}

/** What the managed system holds that could be mapped. */
export function discoverSystem(request: AskRequest): Promise<Discovered> {
  return asking(request, (connector, context) => connector.discover(context))
}

async function asking<T>(
  { source: { name, export: by }, environment, signal }: AskRequest,
  ask: (connector: ReadyConnector, context: ConnectorContext) => Promise<T>,
): Promise<T> {
  if (by === undefined || !('connector' in by)) throw new NoConnectorError(name)
  return inTime({ source: name, timeout, signal }, async (over) => {
    const opened = await openConnector(by, { source: name, environment, log: undefined, signal: over })
    // One attempt: who waits for it had better hear what is wrong.
    return attempting({ retries: 0, pause: 0 }, opened, () => ask(opened.connector, opened.context))
  })
}
