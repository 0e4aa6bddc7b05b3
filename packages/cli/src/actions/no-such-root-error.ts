import { SluiceError } from '@sluice/model'

/**
 * SLUICE-USAGE-06: the source has no root of this name: no such node, and no stored result of one.
 *
 * Roots are named as the source names their nodes, and `sluice roots SOURCE` lists them.
 */
export class NoSuchRootError extends SluiceError {
  readonly code = 'SLUICE-USAGE-06'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, root: string) {
    super(`${source} has no root "${root}" in its graph.`, { remedy: `sluice roots ${source}` })
  }
}
