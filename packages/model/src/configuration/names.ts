/**
 * What a name may look like, what it becomes in SQL, and which known name was probably meant.
 *
 * Names are chosen once and live in tables, queries and scripts, so that they are checked before
 * anything is made of them.
 *
 * @module
 */
import { distance } from 'fastest-levenshtein'

/** Entity types, properties, associations and sources. */
export const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,49}$/

/** PostgreSQL cuts longer identifiers in silence, after which two of them may be one. */
export const maximumIdentifierLength = 63

/** `HR_Person` → `hr_person`, `objectGuid` → `object_guid`, `URLPath` → `url_path`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/_+/g, '_')
    .toLowerCase()
}

/** Letters that one has to change; two that changed places are the likeliest of all mistakes, and come before one that is another. */
function distanceOf(written: string, name: string): number {
  const changes = distance(written, name)
  return changes === 2 && lettersOf(written) === lettersOf(name) ? 0.5 : changes
}

function lettersOf(name: string): string {
  return [...name].sort().join('')
}

/** The known name closest to what was written, if one is close enough to be meant. */
function closestName(written: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const name of known) {
    const found = distanceOf(written.toLowerCase(), name.toLowerCase())
    if (found < bestDistance) {
      best = name
      bestDistance = found
    }
  }
  const most = Math.max(written.length < 5 ? 1 : 2, Math.floor(written.length / 3))
  // Where every letter would have to change, nothing is alike.
  return bestDistance <= most && bestDistance < written.length ? best : undefined
}

/** `Did you mean "x"?`, or the known names where none is close and they are few. */
export function suggestion(written: string, known: Iterable<string>): string | undefined {
  const names = [...known]
  const closest = closestName(written, names)
  if (closest !== undefined) return `Did you mean "${closest}"?`
  if (names.length === 0 || names.length > 12) return undefined
  return `Known: ${names.map(display).join(', ')}.`
}

function display(name: string): string {
  return /^\w/.test(name) ? name : JSON.stringify(name)
}
