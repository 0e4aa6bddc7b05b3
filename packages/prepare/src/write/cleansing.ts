/**
 * What texts of a column are, before anything is made of them: some stand for no value, and those by which resources are named are in one
 * form of Unicode, and somebody's only where they are more than blanks.
 *
 * @module
 */
import { blankCharacters } from '@sluice/model'
import type { CleansedColumn } from '../projection.ts'

const onlyBlanks = new RegExp(`^[${blankCharacters}]+$`)

/** Below this no byte begins a character that has another form. */
const mayBeDecomposed = 0xcc
const lastBlankOfAscii = 0x20
const firstBeyondAscii = 0x80

export interface Cleansing {
  /** Whether the field may be another text than it is written as; only then it is worth a text. */
  mayDiffer(bytes: Uint8Array, start: number, end: number): boolean
  /** The text that it is taken for; an empty one is no value. */
  of(text: string): string
}

export function cleansing({ absent, composed, blankIsNobody }: CleansedColumn): Cleansing {
  const none = new Set(absent)
  const longest = Math.max(0, ...absent.map((text) => new TextEncoder().encode(text).length))
  return {
    mayDiffer: (bytes, start, end) => {
      if (end - start <= longest) return true
      const first = bytes[start] ?? 0
      if (blankIsNobody && (first <= lastBlankOfAscii || first >= firstBeyondAscii)) return true
      if (!composed) return false
      for (let at = start; at < end; at++) if ((bytes[at] ?? 0) >= mayBeDecomposed) return true
      return false
    },
    of: (text) => {
      if (none.has(text) || (blankIsNobody && onlyBlanks.test(text))) return ''
      return composed ? text.normalize('NFC') : text
    },
  }
}
