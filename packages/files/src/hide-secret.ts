/**
 * Hides a secret of a row, whoever reads it first: what goes to a server, or into its tables, is hidden already.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { hashedOf, hiddenText, isHidden, placeOfSecret, saltIn } from '@sluice/model'

/** A secret property of the row with this key. */
export interface SecretPlace {
  readonly entityType: string
  readonly property: string
  readonly key: string
}

/** The hidden text; the same one where it is empty or hidden. */
export function hideSecret({ entityType, property, key }: SecretPlace, text: string): string {
  if (text === '' || isHidden(text)) return text
  const salt = saltIn(sha256(placeOfSecret(entityType, property, key)))
  return hiddenText(salt, sha256(hashedOf(text, salt)))
}

function sha256(data: string | Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest()
}
