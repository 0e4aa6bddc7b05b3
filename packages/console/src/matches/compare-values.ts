/**
 * What a row says beside what a resource has.
 *
 * @module
 */
export type Comparison =
  /** The row says nothing of it. */
  'silent' | 'same' | 'differs'

/** `says`: `null` nothing, empty that there is no value. */
export function compareValues(says: string | null, value: string | null): Comparison {
  if (says === null) return 'silent'
  return says === (value ?? '') ? 'same' : 'differs'
}
