/**
 * Checks the connection of a source because somebody asks for it at the server: as the definition of the agent says, and nothing else.
 *
 * @module
 */
import type { Checked } from '@sluice/connectors'
import { type CheckAnswer, cutText, longestFact, mostFacts } from '@sluice/model'
import { describedError } from './execution-notes.ts'

/** What is said of the system, or why it cannot be reached. Throws only where `signal` was aborted. */
export async function checkConnection(
  work: () => Promise<Checked>,
  signal: AbortSignal,
): Promise<CheckAnswer> {
  try {
    const { facts, warnings } = await work()
    const shown = Object.entries(facts).slice(0, mostFacts)
    return {
      facts: Object.fromEntries(shown.map(([name, value]) => [cut(name), cut(value)])),
      warnings: warnings.slice(0, mostFacts).map(cut),
      error: null,
    }
  } catch (error) {
    signal.throwIfAborted()
    return { facts: {}, warnings: [], error: describedError(error) }
  }
}

function cut(text: string): string {
  return cutText(text, longestFact)
}
