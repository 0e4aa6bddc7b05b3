/**
 * Why a document is not what it is taken for, and where that shows.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'

export interface TroublePlace {
  /** Counted from 1. */
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly remedy?: string | undefined
}

/** `what` completes "people.json …": "is not JSON: …". */
export function documentTrouble(
  document: string,
  what: string,
  { line, column, remedy }: TroublePlace = {},
): ManagedSystemError {
  const place = [line, column].filter((part) => part !== undefined).map((part) => `:${part}`)
  return new ManagedSystemError(`${document}${place.join('')} ${what}.`, { remedy })
}

/** Characters that one record may have: more is held to be something else than a record. */
export const longestRecord = 64 * 1024 * 1024
