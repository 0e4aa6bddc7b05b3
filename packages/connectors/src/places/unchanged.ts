/**
 * Files that are still being written, which show by being others after they were read.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { PlacedFile } from './place.ts'

export function refuseChanged(place: string, before: PlacedFile, after: PlacedFile | undefined): void {
  if (after !== undefined && after.version === before.version) return
  throw changedMeanwhile(place, before.name)
}

export function changedMeanwhile(place: string, name: string): ManagedSystemError {
  return new ManagedSystemError(`${name} of ${place} was changed while it was read.`, {
    remedy: 'Let the system write a marker when its files are whole, and name it as marker.',
    passing: true,
  })
}
