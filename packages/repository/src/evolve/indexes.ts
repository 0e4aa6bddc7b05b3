/**
 * The indexes a model asks for besides primary keys.
 *
 * Properties by which links and references find their target, reference columns (who points here?),
 * the far end of links, the ends that may have one link only, keys of resources as normalizers leave them, and properties that are sorted by.
 *
 * @module
 */
import {
  type Association,
  type EntityType,
  isComposed,
  namesIn,
  type Property,
  type StoredModel,
  type StoredSource,
  scopeOf,
} from '@sluice/model'
import { composed } from '../layout/composed.ts'
import { columnOf, entityTable, family, linkTable, resourceIdColumn, shortened } from '../layout/layout.ts'
import { lookedUpAs, lookedUpIndex } from '../layout/looked-up.ts'
import { isFindable, normalizedKey } from '../layout/normalized.ts'
import { isIndexed, orderedAs } from '../layout/ordered.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import type { Transition } from './step.ts'

interface Index {
  /** Unquoted; made of the table and, behind a point that no name of ours holds, the column: so it stands for the whole. */
  readonly name: string
  readonly table: string
  /** Columns, or expressions in parentheses. */
  readonly on: readonly SQL[]
  readonly unique: boolean
  /** By hashes, which are short however long a value is; by order when absent. */
  readonly hashed?: true | undefined
  /** Of which rows; of all when absent. */
  readonly where?: SQL | undefined
}

/** Drops stand before the changes of tables, creations behind them. */
export function indexStatements(transition: Transition): {
  readonly drop: readonly Statement[]
  readonly create: readonly Statement[]
} {
  const before = indexesOf(transition.before)
  const after = indexesOf(transition.after)
  return {
    drop: [...before.values()].filter(({ name }) => !after.has(name)).map(dropIndex),
    // A column that was replaced has taken its index with it: so all of them are asked for.
    create: [...after.values()].map(createIndex),
  }
}

/** By name. */
function indexesOf(model: StoredModel): ReadonlyMap<string, Index> {
  const indexes = [
    ...[...model.entityTypes.values()]
      .filter((type) => !type.abstract)
      .flatMap((type) => [
        ...type.properties
          .filter((property) => property.type === 'reference')
          .map((property) => index(entityTable(type.name), columnOf(property))),
        ...type.properties.filter(isIndexed).map((property) => orderIndex(entityTable(type.name), property)),
      ]),
    ...lookupsOf(model).flatMap((lookup) => lookupIndexes(model, lookup)),
    ...[...model.associations.values()].flatMap(linkIndexes),
    ...[...model.sources.values()].flatMap((source) =>
      source.entities.flatMap((mapping) => keyIndexes(model, mapping)),
    ),
  ]
  return new Map(indexes.map((each) => [each.name, each]))
}

interface Lookup {
  readonly entityType: string
  /** A property, or several (`namesIn`). */
  readonly by: string
}

function lookupsOf(model: StoredModel): readonly Lookup[] {
  return [...model.sources.values()].flatMap((source) => [
    ...source.entities.flatMap((mapping) =>
      mapping.properties.flatMap(({ name, by }) => {
        const property = model.entityTypes
          .get(mapping.entityType)
          ?.properties.find((each) => each.name === name)
        return property?.type === 'reference' && by !== undefined ? [{ entityType: property.to, by }] : []
      }),
    ),
    ...source.associations.flatMap((mapping) => {
      const association = model.associations.get(mapping.association)
      if (!association) return []
      return [
        { entityType: association.from, by: mapping.fromBy },
        { entityType: association.to, by: mapping.toBy },
      ]
    }),
  ])
}

function lookupIndexes(model: StoredModel, { entityType, by }: Lookup): readonly Index[] {
  return family(model, entityType).flatMap((type) => {
    if (isComposed(by)) return composedIndex(type, by)
    const property = type.properties.find((each) => each.name === by)
    return property ? [lookupIndex(entityTable(type.name), property)] : []
  })
}

/** Of dates there is none: PostgreSQL takes their text for something that depends on settings. */
function composedIndex(type: EntityType, by: string): readonly Index[] {
  const names = namesIn(by)
  const properties = names.flatMap((name) => type.properties.find((each) => each.name === name) ?? [])
  const dated = properties.some((property) => property.type === 'date' || property.type === 'datetime')
  if (dated || properties.length < names.length) return []
  const columns = properties.map((property) => sql.identifier(columnOf(property)))
  const texts = properties.map((property, n) => lookedUpAs(property, columns[n] ?? sql.null))
  const table = entityTable(type.name)
  const name = shortened(`sluice_by_${[table, ...properties.map(columnOf)].join('.')}`)
  return [{ name, table, on: [sql`(${composed(texts)})`], unique: false, hashed: true }]
}

/** A plain key is not worth one: making it costs what it saves. A normalized one costs a hundred times as much to make anew. */
function keyIndexes(model: StoredModel, mapping: StoredSource['entities'][number]): readonly Index[] {
  const { searched = [] } = mapping
  return scopeOf(mapping).flatMap((entityType) =>
    searched.flatMap(({ property, normalize }) => {
      const type = model.entityTypes.get(entityType)
      const found = type?.properties.find(({ name }) => name === property)
      if (found === undefined) return []
      const [table, column] = [entityTable(entityType), columnOf(found)]
      const name = shortened(`sluice_by_${table}.${column}.${normalize.join('.')}`)
      const value = sql.identifier(column)
      const on = [sql`(${normalizedKey(normalize, value)})`]
      return [{ name, table, on, unique: false, where: isFindable(value) }]
    }),
  )
}

function linkIndexes(association: Association): readonly Index[] {
  const links = linkTable(association.name)
  const single = { 'many-to-many': undefined, 'many-to-one': 'from_id', 'one-to-many': 'to_id' }[
    association.cardinality
  ]
  return [index(links, 'to_id'), ...(single ? [onlyOne(links, single)] : [])]
}

function index(of: string, column: string, on: SQL = sql.identifier(column)): Index {
  return { name: shortened(`sluice_by_${of}.${column}`), table: of, on: [on], unique: false }
}

/** On what lookups compare, which is a text. */
function lookupIndex(of: string, property: Property): Index {
  const column = columnOf(property)
  return index(of, column, lookedUpIndex(property, sql.identifier(column)))
}

/** Resources whose values are equal come in the order of their ids. */
function orderIndex(of: string, property: Property): Index {
  const column = columnOf(property)
  const name = shortened(`sluice_sorted_${of}.${column}`)
  const value = sql`(${orderedAs(property, sql.identifier(column))})`
  return { name, table: of, on: [value, sql.identifier(resourceIdColumn)], unique: false }
}

/** A source gives the end one link. */
function onlyOne(links: string, end: string): Index {
  const name = shortened(`sluice_one_${links}.${end}`)
  return { name, table: links, on: [sql.identifier('source_id'), sql.identifier(end)], unique: true }
}

function createIndex({ name, table: of, on, unique, hashed, where }: Index): Statement {
  const kind = unique ? sql`unique index` : sql`index`
  return statement(
    `evolve/add-index ${name}`,
    sql`create ${kind} if not exists ${sql.identifier(name)} on ${new Table(of)}${hashed === true ? sql` using hash` : sql.blank} (${commas(on)})${where === undefined ? sql.blank : sql` where ${where}`}`,
  )
}

function dropIndex({ name }: Index): Statement {
  return statement(`evolve/drop-index ${name}`, sql`drop index if exists ${sql.identifier(name)}`)
}
