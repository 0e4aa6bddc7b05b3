/**
 * Who knows where rows stand whose values will be rejected.
 *
 * @module
 */
import type { PreparedFile } from '@sluice/protocol'

/** Is told of each row of a delta, and knows the lines of those whose values will be rejected. */
export interface RowsInDoubt {
  changed(key: () => readonly string[], row: number): void
  takePlaces(): PreparedFile['places']
}
