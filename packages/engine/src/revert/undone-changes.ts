/**
 * What a run changed, gathered from the histories, to be taken back: a work table for each entity type and association.
 *
 * @module
 */
import type { Association, EntityType } from '@sluice/model'
import { run, type SQL, type Statement, sql, statement, type Table, unionAll } from '@sluice/repository'
import { entityTypeOf, type RunContext } from '../context/run-context.ts'
import { analyzeTable } from '../context/work-tables.ts'
import { resourcesOf } from '../sql/tables.ts'
import type { RevertedRun } from './reverted-run.ts'

/** Table: resource_id, operation (that of the run), key, before, after, exact. A first load has the ids of what it inserted alone. */
export interface UndoneType {
  readonly type: EntityType
  readonly table: Table
}

/** Table: operation, source_id, from_id, to_id, before, after. */
export interface UndoneLinks {
  readonly association: Association
  readonly table: Table
}

export interface UndoneChanges {
  readonly of: RevertedRun
  readonly types: readonly UndoneType[]
  readonly links: readonly UndoneLinks[]
  /** What the run changed of which the model knows nothing any more. */
  readonly unknown: readonly string[]
}

export async function gatherUndone(context: RunContext, of: RevertedRun): Promise<UndoneChanges> {
  const recorded = (await run(context.session, recordedTypes(of.runId))).rows
  const inHistory = recorded.reduce((sum, { inserted }) => sum + inserted, 0)
  const types: UndoneType[] = []
  for (const { name, abstract } of context.model.entityTypes.values()) {
    const found = recorded.find(({ type }) => type === name)
    // A type that the run found empty has no history of what it inserted: the resources themselves tell.
    const loaded = of.inserted > inHistory && (found?.inserted ?? 0) === 0
    if (abstract || (found === undefined && !loaded)) continue
    const rows = [
      ...(found === undefined ? [] : [historyOf(of.runId, name)]),
      ...(loaded ? [createdBy(of.runId, name)] : []),
    ]
    types.push(await gatherType(context, name, unionAll(rows)))
  }
  const associations = (await run(context.session, recordedAssociations(of.runId))).rows.map(
    ({ association }) => association,
  )
  const links: UndoneLinks[] = []
  for (const name of associations) {
    const association = context.model.associations.get(name)
    if (association !== undefined) links.push(await gatherLinks(context, of.runId, association))
  }
  const unknown = [
    ...recorded.map(({ type }) => type).filter((name) => !types.some(({ type }) => type.name === name)),
    ...associations.filter((name) => !context.model.associations.has(name)),
  ]
  return { of, types, links, unknown }
}

interface RecordedType {
  readonly type: string
  readonly inserted: number
}

function recordedTypes(runId: number): Statement<RecordedType> {
  return statement(
    'revert/recorded-types',
    sql`select entity_type as type, (count(*) filter (where operation = 'insert'))::int as inserted
    from sluice_history where run_id = ${sql.literal(runId)} group by entity_type order by entity_type`,
  )
}

function recordedAssociations(runId: number): Statement<{ association: string }> {
  return statement(
    'revert/recorded-associations',
    sql`select distinct association from sluice_link_history where run_id = ${sql.literal(runId)} order by association`,
  )
}

async function gatherType(context: RunContext, name: string, rows: SQL): Promise<UndoneType> {
  const { session, workTables } = context
  const { table, count } = await workTables.fill(
    workTables.named('undone', name),
    statement(`revert/gather ${name}`, rows),
  )
  await analyzeTable(session, table, count, 'resource_id')
  return { type: entityTypeOf(context.model, name), table }
}

function historyOf(runId: number, name: string): SQL {
  return sql`select h.resource_id, h.operation, h.key, h.before, h.after, h.exact from sluice_history h
    where h.run_id = ${sql.literal(runId)} and h.entity_type = ${sql.literal(name)}`
}

function createdBy(runId: number, name: string): SQL {
  return sql`select o.resource_id, 'insert'::text as operation, null::text collate "C" as key, null::jsonb as before, null::jsonb as after, null::jsonb as exact
    from ${resourcesOf(name)} o where o._created_run = ${sql.literal(runId)}`
}

async function gatherLinks(
  { session, workTables }: RunContext,
  runId: number,
  association: Association,
): Promise<UndoneLinks> {
  const { table, count } = await workTables.fill(
    workTables.named('undone_links', association.name),
    statement(
      `revert/gather-links ${association.name}`,
      sql`select h.operation, h.source_id, h.from_id, h.to_id, h.before, h.after from sluice_link_history h
      where h.run_id = ${sql.literal(runId)} and h.association = ${sql.literal(association.name)}`,
    ),
  )
  await analyzeTable(session, table, count, 'from_id')
  return { association, table }
}
