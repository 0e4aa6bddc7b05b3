/**
 * Finds the blocks in which the changes of a run lie that has many, as `apply/record-blocks.ts` laid them out.
 *
 * @module
 */
import { allOf, exists, run, type Session, type SQL, sql, statement } from '@sluice/repository'
import type { ChangeFilter } from './change-filter.ts'
import { comparedKey, type HistoryPlace } from './history-order.ts'

export interface BlocksOf {
  readonly runId: number
  readonly kind: 'entity' | 'link'
  readonly filter: Pick<ChangeFilter, 'type' | 'operation' | 'property' | 'key' | 'keyStart'>
}

interface BlockRow {
  readonly type: string
  readonly operation: string
  readonly first_key: string
  readonly first_id: string
  readonly first_to: string
  readonly last_key: string
  readonly last_id: string
  readonly last_to: string
}

/** Blocks that follow one another. */
interface Blocks {
  readonly count: number
  readonly first: HistoryPlace
  readonly last: HistoryPlace
}

/** Nothing of a run with few changes, and of one of a version that made no blocks. */
export async function hasBlocks(session: Session, runId: number): Promise<boolean> {
  const any = sql`select from sluice_history_block where run_id = ${sql.literal(runId)} limit 1`
  return await exists(session, statement('changes/has-blocks', any))
}

/** The first `count` of those that hold anything behind a place and may hold what is asked for; `undefined`: none. */
export async function findBlocks(
  session: Session,
  of: BlocksOf,
  count: number,
  behind: HistoryPlace | undefined,
): Promise<Blocks | undefined> {
  const place = sql`g.type, g.operation, g.last_key, g.last_id, g.last_to`
  const after = behind === undefined ? sql.true : sql`(${place}) > (${placeAsRow(behind)})`
  const find = statement<BlockRow>(
    'changes/find-blocks',
    sql`select g.type, g.operation, g.first_key, g.first_id, g.first_to, g.last_key, g.last_id, g.last_to from sluice_history_block g
    where ${amongBlocks(of)} and ${after} order by g.type, g.operation, g.first_key, g.first_id, g.first_to limit ${sql.literal(count)}`,
  )
  const { rows } = await run(session, find)
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return undefined
  return {
    count: rows.length,
    first: { ...first, key: first.first_key, id: first.first_id, to: first.first_to },
    last: { ...last, key: last.last_key, id: last.last_id, to: last.last_to },
  }
}

/** SQL: type, operation and id of what those blocks hold, of which `h` are the changes; the blocks are `g`. */
export function rowsOfBlocks(of: BlocksOf, { first, last }: Blocks): SQL {
  const from = sql`(g.type, g.operation, g.first_key, g.first_id, g.first_to) >= (${placeAsRow(first)})`
  const until = sql`(g.type, g.operation, g.last_key, g.last_id, g.last_to) <= (${placeAsRow(last)})`
  return sql`(select distinct g.type, g.operation, i.id from sluice_history_block g cross join lateral unnest(g.ids) i(id)
    where ${amongBlocks(of)} and ${from} and ${until})`
}

function placeAsRow({ type, operation, key, id, to }: HistoryPlace): SQL {
  return sql`${sql.value(type)}, ${sql.value(operation)}, ${comparedKey(sql`${sql.value(key)}::text`)}, ${sql.value(id)}::bigint, ${sql.value(to)}::bigint`
}

function amongBlocks({ runId, kind, filter }: BlocksOf): SQL {
  const { type, operation, property } = filter
  const conditions = [sql`g.run_id = ${sql.literal(runId)}`, sql`g.kind = ${sql.literal(kind)}`]
  if (type !== undefined) conditions.push(sql`g.type = ${sql.value(type)}`)
  if (operation !== undefined) conditions.push(sql`g.operation = ${sql.value(operation)}`)
  if (property !== undefined) conditions.push(sql`jsonb_exists(g.properties, ${sql.value(property)})`)
  return allOf([...conditions, ...(kind === 'entity' ? keysIn(filter) : [])])
}

function keysIn({ key, keyStart }: BlocksOf['filter']): readonly SQL[] {
  const conditions: SQL[] = []
  if (key !== undefined) {
    const at = comparedKey(sql`${sql.value(key)}::text`)
    conditions.push(sql`g.first_key <= ${at} and g.last_key >= ${at}`)
  }
  if (keyStart !== undefined) {
    const start = comparedKey(sql`${sql.value(keyStart)}::text`)
    conditions.push(sql`g.last_key >= ${start} and (g.first_key <= ${start} or g.first_key ^@ ${start})`)
  }
  return conditions
}

/** Types or associations of a kind of which the run has changed any. */
export async function typesInBlocks(
  session: Session,
  of: Omit<BlocksOf, 'filter'>,
): Promise<readonly string[]> {
  const { rows } = await run(
    session,
    statement<{ type: string }>(
      'changes/types-in-blocks',
      sql`select distinct g.type from sluice_history_block g where ${amongBlocks({ ...of, filter: {} })} order by g.type`,
    ),
  )
  return rows.map(({ type }) => type)
}

/** How many blocks are looked through at once: few for a page, and more the less is found in them. */
export function* growingBlocks(limit: number): Generator<number> {
  for (let count = Math.ceil(limit / 250) + 1; ; count = Math.min(count * 4, mostBlocks)) yield count
}

const mostBlocks = 128
