/**
 * A source gets another name: everything that is kept under its number stays as it is, and what bears its name is renamed.
 *
 * @module
 */
import type { RunBy, StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { forgetDefinition, noteChange } from '../definitions/definition-store.ts'
import { assertedTable, createTriggers } from '../layout/asserted-table.ts'
import { replicaTable, shortened } from '../layout/layout.ts'
import { type SQL, sql, statement, Table } from '../sql/statement.ts'
import { assertedType, isShared, replicaIndexName } from './evolve-values.ts'

/** Names before, by the names now. */
export type Renames = ReadonlyMap<string, string>

export interface RenamedSource {
  readonly from: string
  readonly to: string
}

/** Of what is asked for, what has not been done yet: the old one is there, and the new one is not. */
export function renamesToDo(
  renames: Renames,
  { before, after }: { readonly before: StoredModel; readonly after: StoredModel },
): readonly RenamedSource[] {
  return [...renames].flatMap(([to, from]) => {
    const is = (model: StoredModel, name: string) => model.sources.has(name)
    const due = is(before, from) && !is(before, to) && is(after, to) && !is(after, from)
    return due ? [{ from, to }] : []
  })
}

/** The model as it is then. Whoever calls has the lock of runs. */
export async function renameSource(
  session: Session,
  model: StoredModel,
  { from, to }: RenamedSource,
  by: RunBy,
): Promise<StoredModel> {
  const source = model.sources.get(from)
  if (source === undefined) throw new Error(`There is no source ${from} to be renamed.`)
  const execute = async (name: string, query: SQL) => {
    await run(session, statement(`evolve/${name}`, query))
  }
  const [old, now] = [sql.value(from), sql.value(to)]
  // One of that name that is long gone: its runs stay, and it makes way.
  await execute(
    'displace-source',
    sql`update sluice_source set name = name || '~' || source_id where name = ${now}`,
  )
  await execute('rename-source', sql`update sluice_source set name = ${now} where name = ${old}`)
  const number = await numberOf(session, to)
  for (const { entityType } of source.entities) {
    const [was, is] = [replicaTable(from, entityType), replicaTable(to, entityType)]
    await execute('rename-replicas', sql`alter table ${new Table(was)} rename to ${sql.identifier(is)}`)
    await execute(
      'rename-index',
      sql`alter index ${sql.identifier(replicaIndexName(was))} rename to ${sql.identifier(replicaIndexName(is))}`,
    )
    const type = model.entityTypes.get(entityType)
    if (type === undefined || !isShared(model, entityType)) continue
    const asserted = new Table(shortened(assertedTable(entityType, number)))
    for (const trigger of createTriggers(asserted, new Table(is), assertedType(model, from, type)))
      await execute('renew-triggers', trigger)
  }
  for (const [name, query] of namesElsewhere(old, now)) await execute(name, query)
  await forgetDefinition(session, from)
  await noteChange(session, { source: to, event: 'renamed', definition: null, detail: from, by })
  const sources = [...model.sources].map(([name, one]) =>
    name === from ? ([to, { ...one, name: to }] as const) : ([name, one] as const),
  )
  return { ...model, sources: new Map(sources) }
}

/** What knows sources by name. Reports of runs that are over say what it was called then. */
function namesElsewhere(old: SQL, now: SQL): readonly (readonly [name: string, query: SQL])[] {
  return [
    [
      'rename-in-tokens',
      sql`update sluice_token set sources = array_replace(sources, ${old}::text, ${now}::text) where ${old}::text = any(sources)`,
    ],
    ['rename-in-notifications', sql`update sluice_notification set source = ${now} where source = ${old}`],
    ['forget-expected', sql`delete from sluice_expected_source where source = ${now}`],
    ['rename-expected', sql`update sluice_expected_source set source = ${now} where source = ${old}`],
    [
      'rename-in-held-runs',
      sql`update sluice_run set report = jsonb_set(report, '{source}', to_jsonb(${now}::text))
      where state = 'held' and source_id = (select source_id from sluice_source where name = ${now})`,
    ],
  ]
}

async function numberOf(session: Session, source: string): Promise<number> {
  const { rows } = await run(
    session,
    statement<{ source_id: number }>(
      'evolve/number-of-source',
      sql`select source_id from sluice_source where name = ${sql.value(source)}`,
    ),
  )
  const [row] = rows
  if (row === undefined) throw new Error(`Source ${source} has no number.`)
  return row.source_id
}
