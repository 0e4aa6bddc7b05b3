/**
 * Whether the npm packages that a connector imports are there.
 *
 * @module
 */
import { createRequire } from 'node:module'
import type { Connector } from '../contract/connector.ts'

/** Those that are not, as npm is given them: `ldapts@9.2.0`. */
export function missingPackages({ packages }: Pick<Connector, 'packages'>): readonly string[] {
  const { resolve } = createRequire(import.meta.url)
  return Object.entries(packages).flatMap(([name, version]) => {
    try {
      resolve(name)
      return []
    } catch {
      return [`${name}@${version}`]
    }
  })
}
