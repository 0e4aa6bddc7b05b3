/**
 * A node that is not in the graph.
 *
 * @module
 */
import { SluiceError, suggestion } from '@sluice/model'

/**
 * SLUICE-MAPPING-02: a root, or the end of a relationship, is named by an id that no node of the graph has.
 *
 * Ids are those of the graph's document, not the keys of its nodes.
 */
export class UnknownNodeError extends SluiceError {
  readonly code = 'SLUICE-MAPPING-02'
  readonly blame = 'usage'
  readonly retry = false

  constructor(id: string, known: readonly string[]) {
    const remedy = suggestion(id, known) ?? 'Give the id of a node of the graph.'
    super(`The graph has no node "${id}".`, { remedy, details: { id } })
  }
}
