/**
 * The indexes a model asks for besides primary keys.
 *
 * Properties by which links and references find their target, reference columns (who points here?),
 * the far end of links, the ends that may have one link only, and keys of resources as normalizers leave them.
 *
 * @module
 */
import type { Association, Property, StoredModel, StoredSource } from '@sluice/model'
import { columnOf, entityTable, family, linkTable, shortened } from '../layout/layout.ts'
import { lookedUpIndex } from '../layout/looked-up.ts'
import { isFindable, normalizedKey } from '../layout/normalized.ts'
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
      .flatMap((type) =>
        type.properties
          .filter((property) => property.type === 'reference')
          .map((property) => index(entityTable(type.name), columnOf(property))),
      ),
    ...lookupsOf(model).flatMap(({ entityType, property }) => lookupIndexes(model, entityType, property)),
    ...[...model.associations.values()].flatMap(linkIndexes),
    ...[...model.sources.values()].flatMap((source) =>
      source.entities.flatMap((mapping) => keyIndexes(model, mapping)),
    ),
  ]
  return new Map(indexes.map((each) => [each.name, each]))
}

interface Lookup {
  readonly entityType: string
  readonly property: string
}

function lookupsOf(model: StoredModel): readonly Lookup[] {
  return [...model.sources.values()].flatMap((source) => [
    ...source.entities.flatMap((mapping) =>
      mapping.properties.flatMap(({ name, by }) => {
        const property = model.entityTypes
          .get(mapping.entityType)
          ?.properties.find((each) => each.name === name)
        return property?.type === 'reference' && by !== undefined
          ? [{ entityType: property.to, property: by }]
          : []
      }),
    ),
    ...source.associations.flatMap((mapping) => {
      const association = model.associations.get(mapping.association)
      if (!association) return []
      return [
        { entityType: association.from, property: mapping.fromBy },
        { entityType: association.to, property: mapping.toBy },
      ]
    }),
  ])
}

function lookupIndexes(model: StoredModel, entityType: string, name: string): readonly Index[] {
  return family(model, entityType).flatMap((type) => {
    const property = type.properties.find((each) => each.name === name)
    return property ? [lookupIndex(entityTable(type.name), property)] : []
  })
}

/** A plain key is not worth one: making it costs what it saves. A normalized one costs a hundred times as much to make anew. */
function keyIndexes(
  model: StoredModel,
  { entityType, searched = [] }: StoredSource['entities'][number],
): readonly Index[] {
  return searched.flatMap(({ property, normalize }) => {
    const type = model.entityTypes.get(entityType)
    const found = type?.properties.find(({ name }) => name === property)
    if (found === undefined) return []
    const [table, column] = [entityTable(entityType), columnOf(found)]
    const name = shortened(`sluice_by_${table}.${column}.${normalize.join('.')}`)
    const value = sql.identifier(column)
    const on = [sql`(${normalizedKey(normalize, value)})`]
    return [{ name, table, on, unique: false, where: isFindable(value) }]
  })
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

/** A source gives the end one link. */
function onlyOne(links: string, end: string): Index {
  const name = shortened(`sluice_one_${links}.${end}`)
  return { name, table: links, on: [sql.identifier('source_id'), sql.identifier(end)], unique: true }
}

function createIndex({ name, table: of, on, unique, where }: Index): Statement {
  const kind = unique ? sql`unique index` : sql`index`
  return statement(
    `evolve/add-index ${name}`,
    sql`create ${kind} if not exists ${sql.identifier(name)} on ${new Table(of)} (${commas(on)})${where === undefined ? sql.blank : sql` where ${where}`}`,
  )
}

function dropIndex({ name }: Index): Statement {
  return statement(`evolve/drop-index ${name}`, sql`drop index if exists ${sql.identifier(name)}`)
}
