/**
 * What there is to choose from.
 *
 * @module
 */
import { missingPackages } from './installed.ts'
import { kinds } from './kinds.ts'

export interface ListedConnector {
  readonly kind: string
  readonly title: string
  /** npm packages that have to be installed before, as npm is given them. */
  readonly missing: readonly string[]
}

export async function listConnectors(): Promise<readonly ListedConnector[]> {
  const all = await Promise.all([...kinds.values()].map((load) => load()))
  return all.map((connector) => ({
    kind: connector.kind,
    title: connector.title,
    missing: missingPackages(connector),
  }))
}
