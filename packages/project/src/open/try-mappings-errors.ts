/**
 * Why the mappings of a source cannot be tried.
 *
 * @module
 */
import { nearMatch, SluiceError } from '@sluice/model'

/**
 * SLUICE-PROJECT-14: a mapping was named that the source does not have, or none where it has several.
 *
 * The message lists those that there are.
 */
export class NoSuchMappingError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-14'
  readonly blame = 'configuration'
  readonly retry = false

  /** @param name `undefined`: one is meant, and it is not clear which. */
  constructor(source: string, name: string | undefined, known: readonly string[]) {
    const near = name === undefined ? undefined : nearMatch(name, known)
    const all = known.length === 0 ? 'none' : known.join(', ')
    const message =
      name === undefined
        ? `Rows of one mapping are shown at a time, and the source "${source}" has ${all}.`
        : `The source "${source}" has no mapping "${name}"; it has ${all}.`
    super(message, {
      remedy: near === undefined ? 'Name one of them.' : `Did you mean "${near}"?`,
      details: { source, name, known },
    })
  }
}

/**
 * SLUICE-PROJECT-15: the source has no files, so that no rows of it can be tried.
 *
 * For a graph source use `sluice mapping run`; for an open table `sluice replicas`.
 */
export class NothingToTryError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-15'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string) {
    super(`The source "${source}" has no mappings of columns: it is a graph, or an open table.`, {
      remedy: 'Of a graph, sluice mapping run shows what comes of a root.',
      details: { source },
    })
  }
}
