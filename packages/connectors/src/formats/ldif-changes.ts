/**
 * Changes of LDIF laid over the entries that they are changes of, in the order in which they were made.
 *
 * A file of changes names an entry by a name that it may not have any more, and says of a modified one only what is new. With the entries
 * at hand both become whole rows, with the ids by which resources are known.
 *
 * @module
 */

import { parentOf } from '../directory/distinguished-name.ts'
import type { LdifChange, LdifEntry } from './ldif.ts'
import { modified, rdnOf, renamed } from './ldif-entry.ts'

interface Numbered {
  readonly at: number
  readonly change: LdifChange
}

export class LdifChanges {
  readonly #byName = new Map<string, Numbered[]>()
  readonly #used = new Set<number>()
  #count = 0

  /** In the order in which they were made. */
  add(changes: readonly LdifChange[]): void {
    for (const change of changes) {
      const name = normalized(change.dn)
      const numbered = { at: this.#count++, change }
      const before = this.#byName.get(name)
      if (before === undefined) this.#byName.set(name, [numbered])
      else before.push(numbered)
    }
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** What has become of an entry; `undefined`: it is gone, or added again. */
  over(entry: LdifEntry): LdifEntry | undefined {
    return this.#from(entry, -1)
  }

  /** Entries that were added and are still there. Asked when all others were. */
  *added(): Generator<LdifEntry, void, undefined> {
    for (const { at, change } of [...this.#byName.values()].flat()) {
      if (change.type !== 'add') continue
      this.#used.add(at)
      const entry = this.#from({ dn: change.dn, attributes: change.attributes }, at)
      if (entry !== undefined) yield entry
    }
  }

  /** Changes of entries that are not there. */
  get lost(): number {
    return this.#count - this.#used.size
  }

  #from(entry: LdifEntry, since: number): LdifEntry | undefined {
    let current = entry
    let at = since
    for (;;) {
      const next = this.#next(current.dn, at)
      if (next === undefined) return current
      at = next.at
      const after = this.#applied(current, next)
      if (after === undefined) return undefined
      current = after
    }
  }

  #applied(entry: LdifEntry, { at, change }: Numbered): LdifEntry | undefined {
    this.#used.add(at)
    switch (change.type) {
      case 'add':
      case 'delete':
        return undefined
      case 'modify':
        return modified(entry, change.modifications)
      case 'modrdn': {
        const to = joined(change.newRdn, change.newSuperior ?? parentOf(change.dn))
        if (normalized(entry.dn) === normalized(change.dn)) return renamed(entry, to, change.deleteOldRdn)
        // An entry above it was moved.
        return { ...entry, dn: moved(entry.dn, normalized(change.dn), to) }
      }
    }
  }

  /** The first change behind `at` of the entry, or of what moves it. */
  #next(dn: string, at: number): Numbered | undefined {
    let next: Numbered | undefined
    for (let name = dn; name !== ''; name = parentOf(name)) {
      const own = name === dn
      const found = this.#byName
        .get(normalized(name))
        ?.find((one) => one.at > at && (own || one.change.type === 'modrdn'))
      if (found !== undefined && (next === undefined || found.at < next.at)) next = found
    }
    return next
  }
}

function joined(rdn: string, parent: string): string {
  return parent === '' ? rdn : `${rdn},${parent}`
}

function moved(dn: string, from: string, to: string): string {
  const above = parentOf(dn)
  return joined(rdnOf(dn), normalized(above) === from ? to : moved(above, from, to))
}

/** The same for names that are the same. */
function normalized(dn: string): string {
  return dn
    .trim()
    .toLowerCase()
    .replaceAll(/(?<!\\)\s*([,=+])\s*/g, '$1')
}
