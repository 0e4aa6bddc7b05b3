/** A place in a file, as editors and terminals make it a link. */
import { type Place, printable } from '@sluice/model'

/** `sluice.yaml:12:5`; empty where there is none. */
export function formatPlace(place: Place | undefined): string {
  if (place === undefined) return ''
  return printable([place.file, place.line, place.column].filter((part) => part !== undefined).join(':'))
}
