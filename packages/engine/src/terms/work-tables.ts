/**
 * The work tables of a run: what one stage leaves for the next.
 *
 * @module
 */
import { identifier, type Session, shortened } from '@sluice/repository'
import type { Work } from './work.ts'

export type WorkTableKind =
  | 'staging'
  | 'since'
  | 'candidate'
  | 'touched'
  | 'unattached'
  | 'attached'
  | 'change'
  | 'held'
  | 'link'
  | 'desired'
  | 'moving'
  | 'moved'
  | 'affected'

/** Quoted name of the work table of one mapping. */
export function workTable(work: Work, kind: WorkTableKind, name: string): string {
  return identifier(shortened(`${work.prefix}_${kind}_${name}`.toLowerCase()))
}

/** Quoted name of a work table there is one of. */
export function singleWorkTable(work: Work, kind: 'bad' | 'touched' | 'unreadable'): string {
  return identifier(`${work.prefix}_${kind}`)
}

/** Makes a work table of what `query` finds, and returns how many rows that are. */
export async function createWorkTable(work: Work, table: string, query: string): Promise<number> {
  work.tables.add(table)
  const { count } = await work.session.query(`create ${work.persistence} table ${table} as ${query}`)
  return count
}

/** Makes one without rows; `columns` is their SQL definition. */
export async function createEmptyWorkTable(work: Work, table: string, columns: string): Promise<void> {
  work.tables.add(table)
  await work.session.execute(`create ${work.persistence} table ${table} (${columns})`)
}

/** Drops work tables that nobody needs any more. */
export async function dropWorkTables(work: Work, tables: Iterable<string> = work.tables): Promise<void> {
  const names = [...tables]
  if (names.length === 0) return
  await work.session.execute(`drop table ${names.join(', ')}`)
  for (const name of names) work.tables.delete(name)
}

/**
 * Statistics for the planner: of every column where there is much to misjudge, else the number of rows and
 * one column, which takes a tenth of the time. Of few rows the planner knows enough by the size of the table.
 */
export async function analyzeTable(
  session: Session,
  table: string,
  rows: number,
  column: string,
): Promise<void> {
  if (rows < fewRows) return
  await session.execute(`analyze ${table}${rows < manyRows ? ` (${column})` : ''}`)
}

const fewRows = 2_000

/** From here on statistics and indexes of a work table cost less than what a misjudged plan does. */
export const manyRows = 10_000
