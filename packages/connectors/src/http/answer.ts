/**
 * What a system answers: JSON, with numbers as exact as they were written.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { parsedJson } from '../json/exact-json.ts'

export interface Answer {
  readonly status: number
  /** By their names in lower case; several of one name are joined by commas. */
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  /** What was asked for, for people: without what stands behind `?`. */
  readonly place: string
  /** The address that has answered. */
  readonly url: URL
}

/** What the text says, its numbers with all their digits. */
export function jsonOf({ text, place, headers }: Pick<Answer, 'text' | 'place' | 'headers'>): unknown {
  // An answer that says nothing (204) has no records.
  if (text.trim() === '') return undefined
  try {
    return parsedJson(text)
  } catch (cause) {
    const type = headers.get('content-type') ?? 'no type'
    throw new ManagedSystemError(`${place} answers with something that is no JSON (${type}).`, {
      remedy: 'Look at the address: it may be that of a page for people, or of a page to log in.',
      cause,
    })
  }
}
