/**
 * What a root gives by texts that somebody is writing, beside what is stored of it.
 *
 * @module
 */
import type { StoredResult } from '@sluice/engine'
import { bareKeyProperty, type TriedItem } from '@sluice/model'
import type { Attributes, Ci, Relationship, RootResult, Write } from '@sluice/syncmapping'
import { z } from 'zod'
import { fieldOf, keyOf } from '../batch/result-rows.ts'
import { attributeWrites, itemWrite, linkWrite } from '../explain/writes-of.ts'

type Specified = Extract<RootResult, { type: 'specified' }>

interface Stored {
  readonly results: readonly StoredResult[]
  /** Of the source: those that give links. */
  readonly associations: ReadonlySet<string>
  /** The property that holds what an item is called, which is no attribute that a body sets. */
  readonly key: string
}

/** Items that are specified, in their order, and then those that would go. */
export function triedItems(
  { cis, relationships }: Pick<Specified, 'cis' | 'relationships'>,
  writes: readonly Write[],
  stored: Stored,
): readonly TriedItem[] {
  const before = new Map(
    stored.results.map((result) => [nameOf(result.mapping, namesIn(result, stored)), result]),
  )
  const items = merged([...cis.map(itemOfCi), ...relationships.map(itemOfRelationship)])
  const tried = items.map((item) => {
    const name = nameOf(item.mapping, item.names)
    const known = before.get(name)
    before.delete(name)
    return compared(item, known === undefined ? undefined : fieldsIn(known, stored), writes)
  })
  const gone = [...before.values()].map((result) => goneItem(result, stored))
  return [...tried, ...gone]
}

interface Item {
  readonly mapping: string
  readonly names: readonly string[]
  readonly kind: TriedItem['kind']
  readonly fields: Readonly<Record<string, string>>
}

function itemOfCi(ci: Ci): Item {
  const kind = ci.kind === 'shared' || ci.kind === 'external' ? ci.kind : null
  return { mapping: ci.className, names: [keyOf(ci)], kind, fields: fieldsOf(ci.attributes) }
}

function itemOfRelationship({ className, source, destination, attributes }: Relationship): Item {
  return {
    mapping: className,
    names: [keyOf(source), keyOf(destination)],
    kind: null,
    fields: fieldsOf(attributes),
  }
}

function fieldsOf(attributes: Attributes): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...attributes].flatMap(([name, value]) => {
      const field = fieldOf(value)
      return field === undefined ? [] : [[name, field]]
    }),
  )
}

/** What a root says twice, it says at last. */
function merged(items: readonly Item[]): readonly Item[] {
  const byName = new Map<string, Item>()
  for (const item of items) {
    const name = nameOf(item.mapping, item.names)
    const earlier = byName.get(name)
    byName.set(
      name,
      earlier === undefined ? item : { ...item, fields: { ...earlier.fields, ...item.fields } },
    )
  }
  return [...byName.values()]
}

function compared(
  { mapping, names, kind, fields }: Item,
  stored: Readonly<Record<string, string>> | undefined,
  writes: readonly Write[],
): TriedItem {
  const [first = '', second] = names
  const by =
    second === undefined ? itemWrite(writes, first) : linkWrite(writes, mapping, { from: first, to: second })
  const properties = [
    ...new Set([...Object.keys(fields), ...writtenNames(writes, first), ...Object.keys(stored ?? {})]),
  ]
  const values = properties.map((property) => ({
    property,
    now: fields[property] ?? null,
    stored: stored?.[property] ?? null,
    by: second === undefined ? attributeWrites(writes, first, property).by : by,
  }))
  const isChanged = values.some((value) => value.now !== value.stored)
  const change = stored === undefined ? 'insert' : isChanged ? 'update' : 'unchanged'
  return {
    mapping,
    names: [...names],
    kind,
    // It is only named: nothing is made of it, and so nothing changes.
    change: kind === 'external' ? 'unchanged' : change,
    fields: Object.fromEntries(values.map(({ property, ...value }) => [property, value])),
    by,
  }
}

/** An attribute that a statement sets to nothing is worth seeing: something may be misspelt there. */
function writtenNames(writes: readonly Write[], key: string): readonly string[] {
  return writes.flatMap((write) =>
    write.type === 'attribute' && keyOf(write.ci) === key ? [write.name] : [],
  )
}

function goneItem(result: StoredResult, stored: Stored): TriedItem {
  const fields = Object.entries(fieldsIn(result, stored)).map(([property, value]) => [
    property,
    { now: null, stored: value, by: null },
  ])
  return {
    mapping: result.mapping,
    names: [...namesIn(result, stored)],
    kind: null,
    change: 'delete',
    fields: Object.fromEntries(fields),
    by: null,
  }
}

/** Without what it is called, which stands in properties of its own. */
function fieldsIn({ fields }: StoredResult, { key }: Stored): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([property]) => property !== key && property !== bareKeyProperty),
  )
}

const endsSchema = z.tuple([z.string(), z.string()])

function namesIn({ mapping, key }: StoredResult, { associations }: Stored): readonly string[] {
  return associations.has(mapping) ? endsSchema.parse(JSON.parse(key)) : [key]
}

function nameOf(mapping: string, names: readonly string[]): string {
  return JSON.stringify([mapping, ...names])
}
