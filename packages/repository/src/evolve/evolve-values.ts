/**
 * The tables of what sources assert follow the model: they come where a type becomes shared, and are filled from what is stored.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type EntityType,
  isComposed,
  isSecret,
  namesIn,
  type Property,
  primaryKeyColumn,
  type ReferenceProperty,
  replicaLayoutOf,
  type StoredModel,
} from '@sluice/model'
import {
  type AssertedType,
  assertedColumns,
  assertedColumnsOf,
  assertedDefinition,
  assertedTable,
  createAssertedTable,
  createTriggers,
  dropTriggerFunctions,
  partColumns,
} from '../layout/asserted-table.ts'
import { partOfComposed } from '../layout/composed.ts'
import {
  columnOf,
  columnsOf,
  definitionOf,
  entityTable,
  family,
  replicaTable,
  shortened,
} from '../layout/layout.ts'
import { lookedUpAs } from '../layout/looked-up.ts'
import { statusColumns } from '../layout/replica-layouts.ts'
import { storedOwnership } from '../layout/stored-ownership.ts'
import { columnOfRow, commas, unionAll } from '../sql/fragments.ts'
import { compiled, type SQL, type Statement, sql, statement, Table, writtenOut } from '../sql/statement.ts'
import type { Step, Transition } from './step.ts'

/** Of a source that comes, or comes to fill the type; behind its table of replicas. */
export function added(transition: Transition, source: string, entityType: string): readonly Statement[] {
  const { after } = transition
  const type = after.entityTypes.get(entityType)
  if (type === undefined || !isShared(after, entityType)) return []
  const tables = tablesOf(transition, source, entityType)
  const asserted = assertedType(after, source, type)
  return [create(tables, asserted), ...triggers(tables, asserted)]
}

/** Of a source that goes, or fills the type no more; before its table of replicas. */
export function dropped(transition: Transition, source: string, entityType: string): readonly Statement[] {
  if (!isShared(transition.before, entityType)) return []
  return drop(tablesOf(transition, source, entityType))
}

/** Of a source that goes on filling the type. */
export function changed(transition: Transition, source: string, entityType: string): readonly Step[] {
  const { before, after } = transition
  const [old, type] = [before.entityTypes.get(entityType), after.entityTypes.get(entityType)]
  if (old === undefined || type === undefined) return []
  const tables = tablesOf(transition, source, entityType)
  const [was, is] = [isShared(before, entityType), isShared(after, entityType)]
  if (was && is) {
    return [
      ...columnSteps(tables, assertedType(before, source, old), assertedType(after, source, type)),
      ...secretSteps(tables, old, assertedType(after, source, type)),
      ...applySteps(transition, tables),
    ]
  }
  if (is) return [shared(transition, tables, type)]
  return was ? [owned(tables)] : []
}

interface Tables {
  readonly about: string
  readonly source: string
  readonly entityType: string
  readonly replicas: Table
  readonly asserted: Table
}

function tablesOf({ sourceIds }: Transition, source: string, entityType: string): Tables {
  const id = sourceIds.get(source)
  if (id === undefined) throw new Error(`Source ${source} has no number.`)
  return {
    about: `${source}.${entityType}`,
    source,
    entityType,
    replicas: new Table(replicaTable(source, entityType)),
    asserted: new Table(assertedTable(entityType, id)),
  }
}

export function isShared(model: StoredModel, entityType: string): boolean {
  return replicaLayoutOf(storedOwnership(model, entityType)) === 'values'
}

/** The type with the link sets that the source writes of it. */
export function assertedType(
  model: StoredModel,
  source: string,
  { name, properties }: EntityType,
): AssertedType {
  const mapping = model.sources.get(source)?.entities.find(({ entityType }) => entityType === name)
  const parts = (mapping?.properties ?? []).flatMap(({ name: property, by }) =>
    isComposed(by) ? [[property, namesIn(by)] as const] : [],
  )
  return { name, properties, linkSets: mapping?.linkSets ?? [], parts: new Map(parts) }
}

function create({ about, asserted }: Tables, type: AssertedType): Statement {
  return statement(`evolve/add-asserted ${about}`, createAssertedTable(asserted, type))
}

/** Whoever asks who holds a resource asks by its id. One that has none costs nothing here: a million come with one COPY. */
export function indexReplicas({ about, replicas }: Pick<Tables, 'about' | 'replicas'>): Statement {
  const name = sql.identifier(replicaIndexName(replicas.name))
  return statement(
    `evolve/index-replicas ${about}`,
    sql`create index if not exists ${name} on ${replicas} (resource_id) where resource_id is not null`,
  )
}

export function replicaIndexName(replicas: string): string {
  return shortened(`sluice_by_${replicas}.resource_id`)
}

function triggers({ about, asserted, replicas }: Tables, type: AssertedType): readonly Statement[] {
  return createTriggers(asserted, replicas, type).map((query) =>
    statement(`evolve/add-triggers ${about}`, query),
  )
}

function drop({ about, asserted }: Tables): readonly Statement[] {
  return [
    statement(`evolve/drop-asserted ${about}`, sql`drop table ${asserted}`),
    ...dropTriggerFunctions(asserted).map((query) => statement(`evolve/drop-triggers ${about}`, query)),
  ]
}

function columnSteps(tables: Tables, old: AssertedType, type: AssertedType): readonly Step[] {
  const [had, has] = [definitionsOf(old), definitionsOf(type)]
  const gone = [...had.keys()].filter((text) => !has.has(text))
  const come = [...has].filter(([text]) => !had.has(text))
  if (gone.length + come.length === 0) return []
  const actions = [
    // What follows from others goes before them.
    ...gone.toReversed().map((text) => sql`drop column ${sql.identifier(had.get(text)?.name ?? text)}`),
    ...come.map(([, column]) => sql`add column ${assertedDefinition(column)}`),
  ]
  return [
    {
      change: `changes the columns of ${tables.asserted.name}`,
      quiet: true,
      statements: [
        ...triggers(tables, type),
        statement(
          `evolve/change-asserted ${tables.about}`,
          sql`alter table ${tables.asserted} ${commas(actions)}`,
        ),
      ],
    },
  ]
}

/** By its definition: a column that follows from others is another one when it follows from those. */
function definitionsOf(
  type: AssertedType,
): ReadonlyMap<string, ReturnType<typeof assertedColumnsOf>[number]> {
  return new Map(
    assertedColumnsOf(type).map((column) => [
      compiled(statement('evolve/asserted-column', assertedDefinition(column))).text,
      column,
    ]),
  )
}

/** What was asserted of a property in the clear, or hidden, is read from the source again. */
function secretSteps(tables: Tables, old: EntityType, type: AssertedType): readonly Step[] {
  const isNow = (name: string) =>
    type.properties.some((property) => property.name === name && isSecret(property))
  const turned = old.properties.filter(
    (property) =>
      type.properties.some(({ name }) => name === property.name) &&
      isSecret(property) !== isNow(property.name),
  )
  if (turned.length === 0) return []
  const columns = turned.flatMap(assertedColumns).map((name) => sql`${sql.identifier(name)} = null`)
  return [
    {
      change: `empties the columns of ${tables.asserted.name} that held ${turned.map(({ name }) => name).join(', ')}`,
      quiet: true,
      statements: [
        statement(
          `evolve/empty-asserted ${tables.about}`,
          sql`update ${tables.asserted} set ${commas(columns)}`,
        ),
        ...triggers(tables, type),
      ],
    },
  ]
}

/** Where other values may win than before, the source's next run decides about all its rows. */
function applySteps(
  { before, after }: Transition,
  { about, source, entityType, replicas }: Tables,
): readonly Step[] {
  const ranks = ({ sources }: StoredModel) =>
    sources
      .get(source)
      ?.entities.find((mapping) => mapping.entityType === entityType)
      ?.properties.map(({ name, policy, precedence, update }) => ({ name, policy, precedence, update }))
  if (isDeepStrictEqual(ranks(before), ranks(after))) return []
  return [
    {
      change: `makes the next run of source ${source} decide again about each of its ${entityType}`,
      statements: [
        statement(
          `evolve/apply-anew ${about}`,
          sql`update ${replicas} set status = 'modified', revision = revision + 1 where status = 'synchronized'`,
        ),
      ],
    },
  ]
}

/** The sole owner's values are the resource's; so they are read from there. */
function shared(transition: Transition, tables: Tables, type: EntityType): Step {
  const { about, replicas, asserted } = tables
  const columns = statusColumns.map((column) => sql`add column ${definitionOf(column)}`)
  // Rows of shared types are asked again themselves, as long as what they name is not there.
  const waits = sql`exists (select from sluice_orphan_reference w where w.resource_id = r.resource_id)`
  return {
    change: `keeps what source ${tables.source} asserts of ${tables.entityType} in ${asserted.name}`,
    statements: [
      statement(
        `evolve/add-status ${about}`,
        sql`alter table ${replicas} alter column resource_id drop not null, ${commas(columns)}`,
      ),
      statement(
        `evolve/set-status ${about}`,
        sql`update ${replicas} r set status = case when ${waits} then 'modified' else 'synchronized' end, creator = true, attached_run = 0, changed_run = 0`,
      ),
      create(tables, assertedType(transition.after, tables.source, type)),
      fill(transition, tables, type),
      statement(
        `evolve/forget-orphans ${about}`,
        sql`delete from sluice_orphan_reference w using ${replicas} r where w.resource_id = r.resource_id`,
      ),
      ...triggers(tables, assertedType(transition.after, tables.source, type)),
    ],
  }
}

function owned(tables: Tables): Step {
  const { about, replicas } = tables
  const columns = statusColumns.map(({ name }) => sql`drop column ${sql.identifier(name)}`)
  return {
    change: `no longer keeps what source ${tables.source} asserts of ${tables.entityType} beside the resources`,
    statements: [
      ...drop(tables),
      statement(`evolve/forget-unattached ${about}`, sql`delete from ${replicas} where resource_id is null`),
      statement(
        `evolve/drop-status ${about}`,
        sql`alter table ${replicas} alter column resource_id set not null, ${commas(columns)}`,
      ),
      // Every row is read anew by the next complete run.
      statement(`evolve/forget-digests ${about}`, sql`update ${replicas} set digest = null`),
    ],
  }
}

function fill(
  { after }: Transition,
  { about, source, replicas, asserted, entityType }: Tables,
  type: EntityType,
): Statement {
  const mapped = after.sources.get(source)?.entities.find((mapping) => mapping.entityType === entityType)
  const parts = (mapped?.properties ?? []).flatMap(({ name, by }) => {
    const property = type.properties.find((candidate) => candidate.name === name)
    return property === undefined ? [] : [textsOf(after, property, by)]
  })
  const columns = parts.flatMap((part) => part.columns)
  const values = parts.flatMap((part) => part.values)
  const list = (items: readonly SQL[]) => (items.length === 0 ? sql.blank : sql`, ${commas(items)}`)
  return statement(
    `evolve/fill-asserted ${about}`,
    sql`insert into ${asserted} (${sql.identifier(primaryKeyColumn)}${list(columns.map((name) => sql.identifier(name)))})
    select r.key${list(values)} from ${replicas} r join ${new Table(entityTable(entityType))} o on o.resource_id = r.resource_id
    order by r.key`,
  )
}

/** What a property's columns hold, as texts; an absent value is asserted as such. */
function textsOf(
  model: StoredModel,
  property: Property,
  by: string | undefined,
): { readonly columns: readonly string[]; readonly values: readonly SQL[] } {
  const columns = assertedColumns(property)
  if (property.type === 'file') {
    const [content, ...names] = columnsOf(property).map(({ name }) => columnOfRow(sql`o`, name))
    const texts = [sql`encode(${content ?? sql.null}, 'base64')`, ...names]
    return { columns, values: texts.map((text) => sql`coalesce(${text}, '')`) }
  }
  const column = columnOfRow(sql`o`, columnOf(property))
  if (property.type !== 'reference')
    return { columns, values: [sql`coalesce(${lookedUpAs(property, column)}, '')`] }
  if (isComposed(by)) return partTextsOf(model, property, by)
  const found = by === undefined ? [] : targetTexts(model, property, by)
  const waiting = sql`select w.value ${waitingFor(property)}`
  return { columns, values: [sql`coalesce((${unionAll([...found, waiting])} limit 1), '')`] }
}

/** Queries of what the target of the reference in the row `o` has of a property, of whatever type of the family it is. */
function targetTexts(model: StoredModel, property: ReferenceProperty, by: string): readonly SQL[] {
  const column = columnOfRow(sql`o`, columnOf(property))
  return family(model, property.to).flatMap((target) => {
    const named = target.properties.find(({ name }) => name === by)
    if (named === undefined) return []
    const value = lookedUpAs(named, columnOfRow(sql`t`, columnOf(named)))
    return [
      sql`select ${value} from ${new Table(entityTable(target.name))} t where t.resource_id = ${column}`,
    ]
  })
}

function partTextsOf(
  model: StoredModel,
  property: ReferenceProperty,
  by: string,
): { readonly columns: readonly string[]; readonly values: readonly SQL[] } {
  const names = namesIn(by)
  const values = names.map((name, n) => {
    const waiting = sql`select ${partOfComposed(sql`w.value`, n)} ${waitingFor(property)}`
    return sql`coalesce((${unionAll([...targetTexts(model, property, name), waiting])} limit 1), '')`
  })
  return { columns: partColumns(property.name, names), values }
}

/** What the reference in the row `o` names, and nothing answers to. */
function waitingFor({ name }: ReferenceProperty): SQL {
  return sql`from sluice_orphan_reference w where w.resource_id = o.resource_id and w.property = ${writtenOut(name)}`
}
