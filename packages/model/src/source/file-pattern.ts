/**
 * Names of files that say what fits them, such as `people-*.csv`: systems put a date or a number into the name of what they drop.
 *
 * `*` stands for any characters of a name and `?` for one; only the name of the file may hold them, not the folders before it.
 *
 * @module
 */

/** What is done where several files fit a pattern. */
export const severalWords = ['refuse', 'last', 'newest', 'all'] as const
export type Several = (typeof severalWords)[number]

export function isPattern(path: string): boolean {
  return /[*?]/.test(path)
}

/** The folders of a path, with a slash at the end unless there are none, and the name. */
export function splitPath(path: string): { readonly folders: string; readonly name: string } {
  const plain = path.replaceAll('\\', '/')
  const at = plain.lastIndexOf('/') + 1
  return { folders: plain.slice(0, at), name: plain.slice(at) }
}

/** Whether a name fits the pattern of one. Hidden files fit a pattern only that begins with a point. */
export function fitsPattern(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  const parts = [...pattern].map((sign) => {
    if (sign === '*') return '.*'
    return sign === '?' ? '.' : sign.replace(/[\\^$.+()[\]{}|/]/, String.raw`\$&`)
  })
  return new RegExp(`^${parts.join('')}$`, 'su').test(name)
}

const collator = new Intl.Collator('en', { numeric: true })

/**
 * The order that people see in names that fit a pattern: `people-9.csv` comes before `people-10.csv`. What they all end with does not count, or
 * `people.csv` would come behind `people-2026-12.csv`, for a point comes behind a hyphen.
 */
export function naturalOrder(pattern: string): (a: string, b: string) => number {
  const ending = pattern.length - 1 - Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?'))
  const varying = (name: string) => name.slice(0, name.length - ending)
  return (a, b) => collator.compare(varying(a), varying(b)) || (a < b ? -1 : a > b ? 1 : 0)
}
