/**
 * Loads the connectors that sources name, so that their options can be checked.
 *
 * @module
 */
import { dirname, resolve } from 'node:path'
import { loadConnector } from '@sluice/connectors'
import {
  type CheckedConnector,
  type ConfigurationFile,
  type ConnectorProblem,
  type Connectors,
  readConnectorNames,
} from '@sluice/model'

/** Of all sources in these files. */
export async function readConnectors(files: readonly ConfigurationFile[]): Promise<Connectors> {
  const found = new Map<string, CheckedConnector | ConnectorProblem>()
  for (const { path, ...file } of files)
    for (const name of readConnectorNames({ path, ...file }))
      found.set(nameOf(path, name), await load(path, name))
  return {
    find: (file, name) => found.get(nameOf(file, name)) ?? { problem: `There is no connector "${name}".` },
  }
}

async function load(file: string, name: string): Promise<CheckedConnector | ConnectorProblem> {
  const connector = await loadConnector(name, dirname(resolve(file)))
  if ('problem' in connector) return connector
  return { schema: connector.schema, tables: (options) => connector.with(options).tables() }
}

function nameOf(file: string, connector: string): string {
  return JSON.stringify([file, connector])
}
