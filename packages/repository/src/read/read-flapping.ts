/**
 * Reads of which resources a value goes back and forth, and who writes it in turn.
 *
 * @module
 */
import type { RunByKind, StoredModel } from '@sluice/model'
import type { Database } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { family } from '../layout/layout.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { flappingValues } from './flapping-values.ts'
import { displayJoin } from './property-reader.ts'
import { CursorError, UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import { entityTypeNamed } from './read-resources.ts'

export interface FlappingQuery {
  readonly property: string
  readonly limit?: number | undefined
  /** Goes on behind the resource that had this cursor. */
  readonly cursor?: string | undefined
}

/** What a run made of a value. */
interface WrittenValue {
  readonly run: number
  /** UTC; `null`: of that run nothing is kept. */
  readonly at: string | null
  readonly source: string | null
  readonly by: { readonly kind: RunByKind; readonly name: string } | null
  /** `null`: none. */
  readonly value: string | null
}

export interface FlappingResource {
  readonly resourceId: string
  readonly display: string
  /** How often it has changed in thirty days. */
  readonly changes: number
  /** The last of them, newest first. */
  readonly written: readonly WrittenValue[]
  readonly cursor: string
}

/** Resources of a page, unless the query says how many. */
const usualLimit = 100
/** Of each value so many changes are shown. */
const shownChanges = 6

/** In the order of their ids. */
export async function readFlapping(
  database: Database,
  entityType: string,
  query: FlappingQuery,
): Promise<readonly FlappingResource[]> {
  const { cursor = '0' } = query
  if (!/^\d{1,18}$/.test(cursor)) throw new CursorError('it is not one that a list returned')
  return await database.session(async (session) => {
    const model = await readModel(session)
    const { name, properties } = entityTypeNamed(model, entityType)
    if (!properties.some((one) => one.name === query.property))
      throw new UnknownNameError(
        'property',
        query.property,
        properties.map((one) => one.name),
      )
    return (await run(session, flappingPage(model, name, { ...query, cursor }))).rows.map(recordOf)
  })
}

interface FlappingRow {
  readonly resource_id: string
  readonly display: string
  readonly changes: number
  readonly written: readonly WrittenRow[]
}

interface WrittenRow {
  readonly run: number
  readonly at: string | null
  readonly source: string | null
  readonly by_kind: RunByKind | null
  readonly by_name: string | null
  readonly value: string | null
}

function flappingPage(
  model: StoredModel,
  type: string,
  { property, limit = usualLimit, cursor }: FlappingQuery & { readonly cursor: string },
): Statement<FlappingRow> {
  const members = family(model, type).map(({ name }) => name)
  const { expression, join } = displayJoin(model, type, sql`f.resource_id`, sql`shown`)
  const name = sql.value(property)
  return statement(
    `read/flapping ${type}`,
    sql`select f.resource_id, ${expression} as display, f.changes, (
      select jsonb_agg(to_jsonb(w) order by w.run desc) from (
        select h.run_id as run, to_char(run.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, source.name as source,
          run.by_kind, run.by_name, h.after ->> ${name} as value
        from sluice_history h left join sluice_run run on run.run_id = h.run_id left join sluice_source source on source.source_id = run.source_id
        where h.resource_id = f.resource_id and h.operation = 'update' and jsonb_exists(h.after, ${name})
        order by h.run_id desc limit ${sql.literal(shownChanges)}) w) as written
    from (${flappingValues(members, property)}) f ${join}
    where f.resource_id > ${sql.value(cursor)}::bigint order by f.resource_id limit ${sql.value(limit)}::bigint`,
  )
}

function recordOf({ resource_id, display, changes, written }: FlappingRow): FlappingResource {
  return {
    resourceId: resource_id,
    display,
    changes,
    written: written.map(({ by_kind, by_name, ...one }) => ({
      ...one,
      by: by_kind === null || by_name === null ? null : { kind: by_kind, name: by_name },
    })),
    cursor: resource_id,
  }
}
