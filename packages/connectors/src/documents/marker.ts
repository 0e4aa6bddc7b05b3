/**
 * A file by which a system says that all others are whole.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Place } from '../places/place.ts'

export async function requireMarker(place: Place, marker: string | undefined): Promise<void> {
  if (marker === undefined || (await place.find(marker)) !== undefined) return
  throw new ManagedSystemError(
    `The marker ${marker} is not in ${place.name}, so its files may not be whole yet.`,
    {
      remedy: 'Wait until the system has written it, or correct marker.',
      passing: true,
    },
  )
}
