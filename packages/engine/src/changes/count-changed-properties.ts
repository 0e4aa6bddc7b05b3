/**
 * How many of the updates of a run change which property: one statement for each entity type and association of a held change set, two for
 * all of a history.
 *
 * @module
 */
import type { ChangedProperty, EntityModel, Property } from '@sluice/model'
import {
  commas,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  Table,
} from '@sluice/repository'
import { differsIn } from '../sql/display-values.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import { type ChangeSet, propertiesOf } from './change-set.ts'
import { hasBlocks } from './history-blocks.ts'

type Kind = ChangedProperty['kind']

export async function countHeldProperties(
  session: Session,
  model: EntityModel,
  { entities, links }: ChangeSet,
): Promise<readonly ChangedProperty[]> {
  const found: ChangedProperty[] = []
  for (const entry of entities.filter(({ counts }) => counts.updated > 0)) {
    const from = sql`${new Table(entry.table)} c join ${resourcesOf(entry.entityType)} o on o.resource_id = c.resource_id`
    const of = {
      kind: 'entity',
      type: entry.entityType,
      properties: propertiesOf(model, entry),
      from,
    } as const
    found.push(...(await countDiffering(session, of)))
  }
  for (const { association, table } of links.filter(({ counts }) => counts.updated > 0)) {
    const properties = model.associations.get(association)?.properties ?? []
    const from = sql`${new Table(table)} c join ${linksOf(association)} o
      on o.source_id = c.source_id and o.from_id = c.from_id and o.to_id = c.to_id`
    found.push(...(await countDiffering(session, { kind: 'link', type: association, properties, from })))
  }
  return found
}

interface Compared {
  readonly kind: Kind
  readonly type: string
  readonly properties: readonly Property[]
  /** Of changes `c` and the rows `o` that they change. */
  readonly from: SQL
}

async function countDiffering(
  session: Session,
  { kind, type, properties, from }: Compared,
): Promise<readonly ChangedProperty[]> {
  if (properties.length === 0) return []
  const rows = { before: sql`o`, after: sql`c` }
  const counts = properties.map((property) => sql`count(*) filter (where ${differsIn(property, rows)})`)
  const read = statement<{ counts: readonly number[] }>(
    `changes/count-properties ${type}`,
    sql`select to_jsonb(array[${commas(counts)}]) as counts from ${from} where c._operation = 'update'`,
  )
  const [row] = (await run(session, read)).rows
  return properties.flatMap(({ name: property }, index) => {
    const changes = row?.counts[index] ?? 0
    return changes === 0 ? [] : [{ kind, type, property, changes }]
  })
}

export async function countAppliedProperties(
  session: Session,
  runId: number,
): Promise<readonly ChangedProperty[]> {
  const statements = (await hasBlocks(session, runId))
    ? [inBlocks(runId)]
    : [inHistory('entity', runId), inHistory('link', runId)]
  const found: ChangedProperty[] = []
  for (const read of statements)
    for (const row of (await run(session, read)).rows) found.push({ ...row, changes: Number(row.changes) })
  return found
}

interface CountRow {
  readonly kind: Kind
  readonly type: string
  readonly property: string
  readonly changes: string
}

/** Of a run with many changes they were counted when it was applied. */
function inBlocks(runId: number): Statement<CountRow> {
  return statement(
    'changes/count-properties-in-blocks',
    sql`select g.kind, g.type, p.key as property, sum(p.value::bigint) as changes
    from sluice_history_block g cross join lateral jsonb_each_text(g.properties) p
    where g.run_id = ${sql.literal(runId)} and g.operation = 'update' group by 1, 2, 3 order by 1, 2, 4 desc, 3`,
  )
}

function inHistory(kind: Kind, runId: number): Statement<CountRow> {
  const [table, type] =
    kind === 'entity'
      ? [sql`sluice_history`, sql`h.entity_type`]
      : [sql`sluice_link_history`, sql`h.association`]
  return statement(
    `changes/count-properties-in-history ${kind}`,
    sql`select ${sql.literal(kind)} as kind, ${type} as type, p.name as property, count(*) as changes
    from ${table} h cross join lateral jsonb_object_keys(coalesce(h.before, '{}') || coalesce(h.after, '{}')) p(name)
    where h.run_id = ${sql.literal(runId)} and h.operation = 'update' group by 2, 3 order by 2, 4 desc, 3`,
  )
}
