/**
 * Which kinds of entries there are among some, and what their attributes look like.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer'
import type { Entry } from './messages.ts'
import { formOf } from './values.ts'

export interface EntryKind {
  /** Its most special object class. */
  readonly name: string
  readonly entries: number
  /** How many of them were looked at. */
  readonly looked: number
  /** By name in lower case. */
  readonly attributes: ReadonlyMap<string, SeenAttribute>
}

interface SeenAttribute {
  readonly name: string
  /** Entries that have it, of those that were looked at. */
  readonly entries: number
  /** Some entry has more than one value. */
  readonly several: boolean
  /** The kind of entry that its values name. */
  readonly refersTo: string | undefined
  /** It is the server's own. */
  readonly operational: boolean
}

/** Of each kind so many are kept, to look at their attributes. */
const kept = 500

/** Entries by their kind: how many there are, and what some of them look like. */
export class SeenEntries {
  /** How many there were in all. */
  entries = 0
  readonly #kindOf = new Map<string, string>()
  readonly #byName = new Map<string, { count: number; readonly some: Entry[] }>()

  add(entry: Entry): void {
    this.entries++
    const name = nameOf(entry)
    this.#kindOf.set(entry.dn.toLowerCase(), name)
    const kind = this.#byName.get(name) ?? { count: 0, some: [] }
    kind.count++
    if (kind.some.length < kept) kind.some.push(entry)
    this.#byName.set(name, kind)
  }

  /** In the order of how many entries are of them. */
  kinds(): readonly EntryKind[] {
    return [...this.#byName]
      .map(([name, { count, some }]) => ({
        name,
        entries: count,
        looked: some.length,
        attributes: attributesOf(some, this.#kindOf),
      }))
      .sort((a, b) => b.entries - a.entries)
  }
}

function nameOf({ attributes }: Entry): string {
  const structural = attributes.get('structuralobjectclass')?.[0]
  const last = structural ?? attributes.get('objectclass')?.at(-1)
  return last?.toString('utf8') ?? 'top'
}

/** What servers keep of an entry for themselves. */
const ofServer =
  /^(objectclass|structuralobjectclass|entry(uuid|dn|csn)|creat(e|ors)|modif|subschemasubentry|hassubordinates|numsubordinates|pwd|userpassword|contextcsn)/

function attributesOf(
  entries: readonly Entry[],
  kindOf: ReadonlyMap<string, string>,
): ReadonlyMap<string, SeenAttribute> {
  const seen = new Map<string, SeenAttribute>()
  for (const { attributes } of entries) {
    for (const [name, values] of attributes) {
      const before = seen.get(name)
      seen.set(name, {
        name: name === 'entryuuid' ? 'entryUUID' : name,
        entries: (before?.entries ?? 0) + 1,
        several: (before?.several ?? false) || values.length > 1,
        refersTo: before?.refersTo ?? kindNamedBy(values, kindOf),
        operational: ofServer.test(name) || formOf(name) !== 'text' || values.some((value) => !isUtf8(value)),
      })
    }
  }
  return seen
}

function kindNamedBy(values: readonly Buffer[], kindOf: ReadonlyMap<string, string>): string | undefined {
  for (const value of values) {
    if (value.length > 1000 || !value.includes('=')) continue
    const kind = kindOf.get(value.toString('utf8').toLowerCase())
    if (kind !== undefined) return kind
  }
  return undefined
}
