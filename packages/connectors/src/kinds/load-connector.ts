/**
 * Finds the connector that a source names: one of ours, one of the project's folder, or an npm package.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ConnectorProblem, suggestion } from '@sluice/model'
import type { Connector } from '../contract/connector.ts'
import { readManifest } from '../rest/manifest-file.ts'
import { kinds } from './kinds.ts'

/** Of a folder: the file in it that exports the connector, or the manifest it is made of. */
const files = ['connector.yaml', 'connector.ts', 'connector.js', 'connector.mjs', 'index.ts', 'index.js']

/** @param folder Of the file that names it. */
export async function loadConnector(name: string, folder: string): Promise<Connector | ConnectorProblem> {
  const own = kinds.get(name)
  if (own !== undefined) return own()
  const path =
    name.startsWith('.') || isAbsolute(name) ? await fileOf(resolve(folder, name)) : packageFile(name, folder)
  if (path === undefined) return unknown(name)
  if (/\.ya?ml$/.test(path)) return readManifest(name, path)
  try {
    const found: unknown = await import(pathToFileURL(path).href)
    const connector = exportedBy(found)
    if (connector !== undefined) return connector
    return {
      problem: `"${name}" exports no connector.`,
      remedy: 'It has to export what defineConnector returns, as `connector`.',
    }
  } catch (error) {
    return {
      problem: `"${name}" cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

function unknown(name: string): ConnectorProblem {
  const remedy = suggestion(name, kinds.keys()) ?? 'To see which there are: sluice connectors'
  return { problem: `There is no connector "${name}".`, remedy }
}

async function fileOf(path: string): Promise<string | undefined> {
  for (const one of [path, ...files.map((file) => join(path, file))])
    if ((await stat(one).catch(() => undefined))?.isFile() === true) return one
  return undefined
}

/** As seen from the project, whose packages are its own. */
function packageFile(name: string, folder: string): string | undefined {
  try {
    return createRequire(join(resolve(folder), 'package.json')).resolve(name)
  } catch {
    return undefined
  }
}

function exportedBy(found: unknown): Connector | undefined {
  if (typeof found !== 'object' || found === null || !('connector' in found)) return undefined
  return isConnector(found.connector) ? found.connector : undefined
}

function isConnector(value: unknown): value is Connector {
  if (typeof value !== 'object' || value === null) return false
  return 'kind' in value && 'schema' in value && 'with' in value && typeof value.with === 'function'
}
