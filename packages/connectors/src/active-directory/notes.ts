/**
 * Sentences for people, in a statement.
 *
 * @module
 */
import type { ConnectorStatement } from '../contract/connector.ts'

const longest = 2000

export function noteOf(sentences: readonly string[]): Pick<ConnectorStatement, 'note'> {
  return sentences.length === 0 ? {} : { note: sentences.join(' ').slice(0, longest) }
}
