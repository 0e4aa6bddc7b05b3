/**
 * Finds values that two sources keep overwriting: what this run writes was there before, and another source has overwritten it since.
 *
 * Where one of them comes first, or locks the property, that cannot be; between sources without locks the last change stands, and each of
 * them believes that it is right.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { columnOfRow, columnsOf, run, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import type { SharedPart } from '../replicas/shared-part.ts'
import { displayName } from '../sql/display-values.ts'
import { resourcesOf } from '../sql/tables.ts'

/** What is said of each property of which a value goes back and forth. */
export async function findFlapping(part: SharedPart, changes: EntityChanges): Promise<readonly string[]> {
  const table = changes.tables.get(part.shape.type.name)
  if (table === undefined) return []
  const notes: string[] = []
  for (const { property, rivals } of disputable(part)) {
    const { rows } = await run(part.session, flappingValues(part, { property, rivals, table }))
    notes.push(...rows.map((row) => describe(part, property, row)))
  }
  return notes
}

interface Disputable {
  readonly property: Property
  /** Numbers of the other sources that may overwrite it as this one may. */
  readonly rivals: readonly number[]
}

function disputable({ shape, owners, sourceId }: SharedPart): readonly Disputable[] {
  return shape.properties
    .filter(
      // Histories do not hold files and secrets.
      ({ update, policy, property: { type } }) =>
        update && policy === 'master_unlocked' && type !== 'file' && type !== 'secret',
    )
    .flatMap(({ property, precedence }): readonly Disputable[] => {
      const rivals = owners.filter(
        (owner) =>
          owner.sourceId !== sourceId &&
          owner.properties.some(
            (one) =>
              one.update &&
              one.property.name === property.name &&
              one.policy === 'master_unlocked' &&
              one.precedence === precedence,
          ),
      )
      return rivals.length === 0 ? [] : [{ property, rivals: rivals.map((owner) => owner.sourceId) }]
    })
}

interface FlappingRow {
  readonly source: string
  readonly count: number
  readonly resource: string
  readonly said: string | null
  readonly other: string | null
  readonly run: string
  readonly before: string
}

/** By rival: how many values, and of the first of them both and the runs that wrote them last. */
function flappingValues(
  part: SharedPart,
  { property, rivals, table }: Disputable & { readonly table: Table },
): Statement<FlappingRow> {
  const { shape, sourceId, model } = part
  const [column] = columnsOf(property)
  const name = sql.literal(property.name)
  const becomes = columnOfRow(sql`c`, column.name)
  const differs = sql`${becomes} is distinct from ${columnOfRow(sql`o`, column.name)}`
  const shown =
    property.type === 'reference'
      ? sql`case when ${becomes} is not null then ${displayName({ model, changes: [] }, property.to, becomes)} end`
      : sql`to_jsonb(${becomes}) #>> '{}'`
  const isRival = sql`last.source_id in (${sql.join(
    rivals.map((rival) => sql.literal(rival)),
    ', ',
  )})`
  // The two changes before this one.
  const change = (before: typeof name) =>
    sql`select h.run_id, run.source_id, h.after ->> ${name} as value from sluice_history h join sluice_run run on run.run_id = h.run_id
      where h.resource_id = c.resource_id and h.operation = 'update' and h.after ? ${name}${before}
      order by h.run_id desc limit 1`
  return statement(
    `produce/find-flapping ${shape.type.name}.${property.name}`,
    sql`select source.name as source, count(*)::int as count, min(x.resource) as resource, min(x.said) as said, min(x.other) as other,
      min(x.run)::text as run, min(x.before)::text as before
    from (
      select last.source_id, c._key as resource, ${shown} as said, last.value as other, last.run_id as run, own.run_id as before
      from ${table} c join ${resourcesOf(shape.type.name)} o on o.resource_id = c.resource_id
      cross join lateral (${change(sql.blank)}) last
      cross join lateral (${change(sql` and h.run_id < last.run_id`)}) own
      where c._operation = 'update' and ${differs} and ${isRival} and own.source_id = ${sql.literal(sourceId)}
        and own.value is not distinct from ${shown}) x
    join sluice_source source on source.source_id = x.source_id group by source.name order by source.name`,
  )
}

function describe(
  { shape }: SharedPart,
  { name }: Property,
  { source, count, resource, said, other, run: last, before }: FlappingRow,
): string {
  const of =
    count === 1
      ? `${shape.type.name} "${resource}"`
      : `${count} resources of ${shape.type.name}, such as "${resource}",`
  const own = shape.source.name
  const value = (text: string | null) => (text === null ? 'nothing' : `"${text}"`)
  return `${name} of ${of} changes back and forth: ${own} sets ${value(said)} (run ${before}, and again now), ${source} sets ${value(other)} (run ${last}). Give one of them precedence, or let it lock ${name}.`
}
