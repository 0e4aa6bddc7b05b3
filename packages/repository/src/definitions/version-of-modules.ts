/**
 * Which texts of modules somebody has read.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { GraphModule } from '@sluice/model'

/** The same for the same names and texts in the same order, on every machine. */
export function versionOfModules(modules: readonly GraphModule[]): string {
  const texts = JSON.stringify(modules.map(({ file, text }) => [file, text]))
  return createHash('sha256').update(texts).digest('hex').slice(0, 32)
}
