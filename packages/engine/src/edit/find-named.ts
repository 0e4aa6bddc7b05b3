/**
 * Finds the resources that edits name, many of a type in few statements.
 *
 * @module
 */
import {
  canName,
  type EntityType,
  type Property,
  type ResourceName,
  type Source,
  scopeOf,
  spellingOf,
  storedModelOf,
} from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  type Display,
  displayIn,
  family,
  lookedUpAs,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  unionAll,
} from '@sluice/repository'
import { type RunContext, sourcesByName } from '../context/run-context.ts'
import { replicasOf, resourcesOf } from '../sql/tables.ts'
import { AmbiguousNameError, NoSuchResourceError } from './edit-errors.ts'
import { describeName, type TypedValue } from './read-edits.ts'

/** A resource that an edit names, as what it is about or for the sake of a property or end. */
export interface Named {
  readonly edit: number
  readonly type: EntityType
  readonly name: ResourceName
  /** The property or the end that is to point to it; absent: the edit is about it. */
  readonly property?: string | undefined
}

export interface FoundResource {
  readonly resourceId: string
  /** Exactly. */
  readonly entityType: string
}

/** A resource that the same request creates, and may name. */
export interface Arriving extends FoundResource {
  readonly values: readonly TypedValue[]
}

/** What has to be known to find them. */
export type FindingContext = Pick<RunContext, 'session' | 'model' | 'sources'>

/** Finds each; throws where a name finds none or several. */
export type FindNamed = (named: Named) => FoundResource

export async function findNamed(
  context: FindingContext,
  all: readonly Named[],
  arriving: readonly Arriving[],
): Promise<FindNamed> {
  const found = new Map<string, readonly FoundResource[]>()
  const idOf = ({ type, name }: Named) => JSON.stringify([type.name, name])
  for (const type of new Set(all.map((named) => named.type))) {
    const search = new Search(context, type, arriving)
    const names = new Map(
      all.filter((named) => named.type === type).map((named) => [idOf(named), named.name]),
    )
    for (const [id, resources] of await search.find(names)) found.set(id, resources)
  }
  return (named) => {
    const [only, ...others] = found.get(idOf(named)) ?? []
    const about = { type: named.type.name, name: describeName(named.name), property: named.property }
    if (only === undefined) throw new NoSuchResourceError(named.edit, about)
    if (others.length === 0) return only
    const candidates = [only, ...others].slice(0, mostCandidates).map(({ resourceId }) => resourceId)
    throw new AmbiguousNameError(named.edit, { ...about, candidates })
  }
}

const mostCandidates = 10

/** One way to look for a name, with the text that is looked for. */
type Way =
  | { readonly by: 'id'; readonly text: string }
  | { readonly by: 'key'; readonly text: string }
  | { readonly by: 'property'; readonly property: Property; readonly text: string }
  /** By a name that is made: of what is stored, and not of what the same request creates. */
  | { readonly by: 'display'; readonly display: Display; readonly text: string }

interface FoundRow {
  readonly value: string
  readonly resource_id: string
  readonly entity_type: string
}

class Search {
  readonly #context: FindingContext
  readonly #type: EntityType
  readonly #arriving: readonly Arriving[]
  readonly #members: readonly EntityType[]

  constructor(context: FindingContext, type: EntityType, arriving: readonly Arriving[]) {
    this.#context = context
    this.#type = type
    this.#members = family(context.model, type.name)
    const names = new Set(this.#members.map(({ name }) => name))
    this.#arriving = arriving.filter(({ entityType }) => names.has(entityType))
  }

  /** By the caller's own ids of the names. The first way that finds any counts, so each is asked for what is still open. */
  async find(
    names: ReadonlyMap<string, ResourceName>,
  ): Promise<ReadonlyMap<string, readonly FoundResource[]>> {
    const found = new Map<string, readonly FoundResource[]>()
    let open = new Map([...names].map(([id, name]) => [id, this.#waysOf(name)]))
    while (open.size > 0) {
      const asked = [...open].flatMap(([id, [way]]) => (way === undefined ? [] : [{ id, way }]))
      const answers = await this.#ask(asked.map(({ way }) => way))
      for (const { id, way } of asked) {
        const resources = answers(way)
        if (resources.length > 0) found.set(id, resources)
      }
      open = new Map(
        [...open].flatMap(([id, [, ...others]]) =>
          found.has(id) || others.length === 0 ? [] : [[id, others] as const],
        ),
      )
    }
    return found
  }

  #waysOf(name: ResourceName): readonly Way[] {
    if (typeof name !== 'string')
      return 'id' in name ? [{ by: 'id', text: name.id }] : this.#propertyWay(name.property, name.value)
    const id = /^#([1-9]\d{0,17})$/.exec(name)?.[1]
    if (id !== undefined) return [{ by: 'id', text: id }]
    const [, property = '', value = ''] = /^([A-Za-z]\w*):(.*)$/s.exec(name) ?? []
    const named = this.#propertyWay(property, value)
    if (named.length > 0) return named
    const stored = storedModelOf({
      model: this.#context.model,
      sources: sourcesByName(this.#context.sources),
    })
    const display = displayIn(stored, this.#type)
    return [
      ...this.#spellings(name).map((text) => ({ by: 'key', text }) as const),
      ...(display === undefined ? [] : this.#displayWay(display, name)),
      ...(/^[1-9]\d{0,17}$/.test(name) ? [{ by: 'id', text: name } as const] : []),
    ]
  }

  #displayWay(display: Display, name: string): readonly Way[] {
    if (display.property === undefined) return [{ by: 'display', display, text: name }]
    return this.#propertyWay(display.property.name, name)
  }

  #propertyWay(name: string, value: string): readonly Way[] {
    const property = this.#type.properties.find((candidate) => candidate.name === name)
    if (property === undefined || !canName(property)) return []
    return [{ by: 'property', property, text: spelled(property, value) }]
  }

  /** As it was written, and what it says as a number, a date, …: replicas hold names in their one spelling. */
  #spellings(name: string): readonly string[] {
    return [
      ...new Set([
        name,
        ...this.#type.properties.flatMap((property) => spellingOf(property, {})?.of(name) ?? []),
      ]),
    ]
  }

  async #ask(ways: readonly Way[]): Promise<(way: Way) => readonly FoundResource[]> {
    const found = new Map<string, FoundResource[]>()
    const kindOf = (way: Way) => (way.by === 'property' ? `property ${way.property.name}` : way.by)
    for (const kind of new Set(ways.map(kindOf))) {
      const same = ways.filter((way) => kindOf(way) === kind)
      const [first] = same
      if (first === undefined) continue
      const texts = [...new Set(same.map(({ text }) => text))]
      for (const { value, ...resource } of await this.#askAll(first, texts)) {
        const id = JSON.stringify([kind, value])
        const before = found.get(id) ?? []
        // Two sources may call one resource by the same key.
        if (!before.some(({ resourceId }) => resourceId === resource.resourceId))
          found.set(id, [...before, resource])
      }
    }
    return (way) => found.get(JSON.stringify([kindOf(way), way.text])) ?? []
  }

  /** Of all names that are looked for in the same way. */
  async #askAll(
    way: Way,
    texts: readonly string[],
  ): Promise<readonly (FoundResource & { readonly value: string })[]> {
    const asked = this.#statement(way, texts)
    const stored = asked === undefined ? [] : (await run(this.#context.session, asked)).rows
    const made = way.by === 'property' ? this.#arrivingWith(way.property, texts) : []
    return [
      ...stored.map((row) => ({
        value: row.value,
        resourceId: row.resource_id,
        entityType: row.entity_type,
      })),
      ...made,
    ]
  }

  #arrivingWith(property: Property, texts: readonly string[]) {
    return this.#arriving.flatMap(({ resourceId, entityType, values }) => {
      const value = values.find((one) => one.property.name === property.name)
      const text = value?.target === undefined ? value?.columns[columnOf(property)] : undefined
      const answered = typeof text === 'string' ? spelled(property, text) : undefined
      return answered !== undefined && texts.includes(answered)
        ? [{ value: answered, resourceId, entityType }]
        : []
    })
  }

  #statement(way: Way, texts: readonly string[]): Statement<FoundRow> | undefined {
    const queries =
      way.by === 'key'
        ? this.#keyQueries(texts)
        : this.#members.map(({ name }) => {
            if (way.by === 'id') return byId(name, texts)
            const value = way.by === 'display' ? way.display.named(sql`o`) : propertyValue(way.property)
            return byValue(name, value, texts)
          })
    if (queries.length === 0) return undefined
    return statement(`edit/find-by-${way.by} ${this.#type.name}`, unionAll(queries))
  }

  #keyQueries(texts: readonly string[]): readonly SQL[] {
    const names = new Set(this.#members.map(({ name }) => name))
    return [...this.#context.sources.values()].flatMap(({ source }) =>
      source.entities.flatMap((mapping) =>
        scopeOf(mapping)
          .filter((name) => names.has(name))
          .map((name) => byKey({ source, held: mapping.entityType }, name, texts)),
      ),
    )
  }
}

/** The text by which a value of the property is looked up. */
function spelled(property: Property, text: string): string {
  return spellingOf(property, {})?.of(text) ?? text
}

function byId(entityType: string, texts: readonly string[]): SQL {
  // Digits only.
  const ids = sql.value(`{${texts.join(',')}}`)
  return sql`select o.resource_id::text as value, o.resource_id, ${sql.literal(entityType)}::text as entity_type
    from ${resourcesOf(entityType)} o where o.resource_id = any(${ids}::bigint[])`
}

function propertyValue(property: Property): SQL {
  return lookedUpAs(property, columnOfRow(sql`o`, columnOf(property)))
}

function byValue(entityType: string, value: SQL, texts: readonly string[]): SQL {
  return sql`select ${value} as value, o.resource_id, ${sql.literal(entityType)}::text as entity_type
    from ${resourcesOf(entityType)} o where ${value} in (${listed(texts)})`
}

/** A replica can outlive its resource when somebody deletes it behind our back. */
function byKey(
  { source: { name }, held }: { readonly source: Source; readonly held: string },
  entityType: string,
  texts: readonly string[],
): SQL {
  return sql`select r.key as value, o.resource_id, ${sql.literal(entityType)}::text as entity_type
    from ${replicasOf(name, held)} r join ${resourcesOf(entityType)} o on o.resource_id = r.resource_id
    where r.key in (${listed(texts)})`
}

function listed(texts: readonly string[]): SQL {
  return sql`select jsonb_array_elements_text(${sql.value(JSON.stringify(texts))}::jsonb)`
}
