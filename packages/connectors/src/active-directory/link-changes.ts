/**
 * Rows of changes of a table of links. Of an entry that was there the server says which values came and went. One that fits the filter only now
 * is read whole, and the links of one that does not fit any more are deleted.
 *
 * @module
 */
import type { TableWriter } from '../contract/export-context.ts'
import type { Entry } from '../directory/messages.ts'
import { Rows } from '../directory/rows.ts'
import type { ChangesOfPage } from './changes.ts'
import type { Place } from './domain.ts'
import { idOf } from './entry-id.ts'
import { inBatches } from './in-batches.ts'
import { readTable } from './read-table.ts'
import type { TableChanges } from './table-changes.ts'
import type { WantedTable } from './tables.ts'
import { type Writing, withId } from './write-whole.ts'

export class LinkChanges implements TableChanges {
  readonly wanted: WantedTable
  readonly known: Set<string>
  readonly #links: string
  readonly #pageSize: number
  readonly #rows: Rows
  readonly #writer: TableWriter

  private constructor(
    wanted: WantedTable,
    known: Set<string>,
    options: Writing['options'],
    writer: TableWriter,
  ) {
    this.wanted = wanted
    this.known = known
    this.#links = wanted.table.links?.toLowerCase() ?? ''
    this.#pageSize = options.pageSize ?? 1000
    this.#rows = new Rows(wanted.columns, options, wanted.table.links)
    this.#writer = writer
  }

  static async begin(
    { options, context }: Writing,
    wanted: WantedTable,
    former: ReadonlySet<string>,
  ): Promise<LinkChanges> {
    const writer = await context.table(wanted.file, ['command', ...wanted.columns])
    return new LinkChanges(wanted, new Set(former), options, writer)
  }

  async apply({ ids, entries }: ChangesOfPage, places: readonly Place[]): Promise<void> {
    const changed = byId(entries)
    for (const batch of inBatches(ids)) {
      const missing = new Set(batch)
      for (const place of places)
        for (const id of await this.#applyFitting(batch, changed, place)) missing.delete(id)
      const left = [...missing].filter((id) => this.known.delete(id))
      for (const id of left)
        for (const entry of changed.get(id) ?? []) await this.#write('delete', entry, went)
      for (const place of places) await this.#deleteLinks(left, place)
    }
  }

  async end(): Promise<readonly string[]> {
    return this.#rows.notes
  }

  /** Ids of those that fit the filter. */
  async #applyFitting(
    batch: readonly string[],
    changed: ReadonlyMap<string, readonly Entry[]>,
    place: Place,
  ): Promise<readonly string[]> {
    const fitting: string[] = []
    const attributes = this.wanted.attributes.filter((name) => name.toLowerCase() !== this.#links)
    for await (const entry of this.#read(this.wanted, place, { ids: batch, attributes })) {
      const id = idOf(entry) ?? ''
      fitting.push(id)
      if (this.known.has(id)) await this.#cameAndWent(entry, changed.get(id) ?? [])
    }
    const isNew = fitting.filter((id) => !this.known.has(id))
    await this.#writeNew(isNew, place)
    return fitting
  }

  async #cameAndWent(entry: Entry, changes: readonly Entry[]): Promise<void> {
    for (const change of changes)
      for (const kind of [went, came])
        await this.#write(kind.command, { ...entry, attributes: merged(entry, change) }, kind)
  }

  async #writeNew(all: readonly string[], place: Place): Promise<void> {
    const { attributes } = this.wanted
    for (const ids of inBatches(all)) {
      for await (const entry of this.#read(this.wanted, place, { ids, attributes }))
        await this.#writeRows('merge', entry)
      for (const id of ids) this.known.add(id)
    }
  }

  /** Of entries that are still there, and do not belong to the table any more. */
  async #deleteLinks(ids: readonly string[], { domain, context }: Place): Promise<void> {
    const anywhere = { ...this.wanted, table: { links: this.wanted.table.links } }
    const place = { domain, context, base: context }
    for (const batch of inBatches(ids))
      for await (const entry of this.#read(anywhere, place, {
        ids: batch,
        attributes: this.wanted.attributes,
      }))
        await this.#writeRows('delete', entry)
  }

  #read(
    wanted: WantedTable,
    place: Place,
    { ids, attributes }: { readonly ids: readonly string[]; readonly attributes: readonly string[] },
  ): AsyncGenerator<Entry, void> {
    return readTable(wanted, { place, ids, attributes: withId(attributes), pageSize: this.#pageSize })
  }

  /** The values of a change that came, or went. */
  async #write(command: string, entry: Entry, { mark }: Kind): Promise<void> {
    const name = `${this.#links}${mark}`
    const values = entry.attributes.get(name)
    if (values === undefined) return
    const plain = [...entry.attributes].filter(([attribute]) => !attribute.includes(';range='))
    const attributes = new Map(plain)
      .set(this.#links, values)
      .set(`${this.#links}.objectguid`, entry.attributes.get(`${name}.objectguid`) ?? [])
    await this.#writeRows(command, { ...entry, attributes })
  }

  async #writeRows(command: string, entry: Entry): Promise<void> {
    for (const row of this.#rows.of(entry)) {
      const wait = this.#writer.write([command, ...row])
      if (wait !== undefined) await wait
    }
  }
}

interface Kind {
  readonly command: string
  /** What the server writes behind the name of the attribute. */
  readonly mark: string
}
const went: Kind = { command: 'delete', mark: ';range=0-0' }
const came: Kind = { command: 'merge', mark: ';range=1-1' }

/** The server may name one several times. */
function byId(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const found = new Map<string, Entry[]>()
  for (const entry of entries) {
    const id = idOf(entry)
    if (id === undefined) continue
    const others = found.get(id)
    if (others === undefined) found.set(id, [entry])
    else others.push(entry)
  }
  return found
}

/** What an entry is now, and what has changed of it. */
function merged(entry: Entry, change: Entry): ReadonlyMap<string, readonly Buffer[]> {
  return new Map([...change.attributes, ...entry.attributes])
}
