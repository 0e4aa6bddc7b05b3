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
  /** By name in lower case. */
  readonly attributes: ReadonlyMap<string, SeenAttribute>
}

export interface SeenAttribute {
  readonly name: string
  /** Entries that have it. */
  readonly entries: number
  /** Some entry has more than one value. */
  readonly several: boolean
  /** The kind of entry that its values name. */
  readonly refersTo: string | undefined
  /** It is the server's own. */
  readonly operational: boolean
}

/** Kinds in the order of how many entries are of them. */
export function kindsIn(entries: readonly Entry[]): readonly EntryKind[] {
  const kindOf = new Map(entries.map((entry) => [entry.dn.toLowerCase(), nameOf(entry)]))
  const byName = new Map<string, Entry[]>()
  for (const entry of entries) {
    const name = nameOf(entry)
    byName.set(name, [...(byName.get(name) ?? []), entry])
  }
  return [...byName]
    .map(([name, of]) => ({ name, entries: of.length, attributes: attributesOf(of, kindOf) }))
    .sort((a, b) => b.entries - a.entries)
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
