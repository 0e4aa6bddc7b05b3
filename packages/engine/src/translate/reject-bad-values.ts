/**
 * Sets aside rows with a value that its property cannot hold; each is recorded once per bad column.
 *
 * @module
 */
import { literal } from '@sluice/repository'
import type { ValueCheck } from '../terms/entity-shape.ts'
import { recordRejected } from '../terms/record-rejected.ts'
import type { Work } from '../terms/work.ts'
import { createWorkTable, dropWorkTables, singleWorkTable } from '../terms/work-tables.ts'

/** SQL condition: some value of the row cannot be held. `undefined` when every text is legal. */
export function badRowCondition(values: readonly ValueCheck[]): string | undefined {
  const conditions = values.flatMap(badValueCondition)
  return conditions.length === 0 ? undefined : conditions.join('\n    or ')
}

function badValueCondition(value: ValueCheck): readonly string[] {
  const illegal = value.valid === 'true' ? [] : [`${value.staged} is not null and not ${value.valid}`]
  const missing = value.required ? [`${value.staged} is null`] : []
  const conditions = [...missing, ...illegal]
  return conditions.length === 0 ? [] : [`(${conditions.join(' or ')})`]
}

/**
 * Removes the rows with bad values from `table` (a staging or candidate table), records them, and
 * returns how many there were. `key` is the SQL expression people know the row by.
 */
export async function rejectBadValues(
  work: Work,
  table: string,
  of: {
    readonly mapping: string
    readonly file: string
    readonly key: string
    readonly checks: readonly ValueCheck[]
    /** SQL condition of the rows whose values count; all of them when absent. */
    readonly among?: string | undefined
  },
): Promise<number> {
  const illegal = badRowCondition(of.checks)
  if (illegal === undefined) return 0
  const bad = of.among === undefined ? illegal : `(${of.among}) and (${illegal})`
  // Mostly there is none, and then nothing has to be made.
  const { count: found } = await work.session.query(`select from ${table} where ${bad} limit 1`)
  if (found === 0) return 0
  const scratch = singleWorkTable(work, 'bad')
  const count = await createWorkTable(work, scratch, `select * from ${table} where ${bad}`)
  await record(work, scratch, table, of)
  await dropWorkTables(work, [scratch])
  return count
}

async function record(
  work: Work,
  scratch: string,
  table: string,
  of: {
    readonly mapping: string
    readonly file: string
    readonly key: string
    readonly checks: readonly ValueCheck[]
  },
): Promise<void> {
  for (const value of of.checks) {
    const [condition] = badValueCondition(value)
    if (condition === undefined) continue
    const reason = `case when ${value.staged} is null then 'a value is required' else ${literal(`not ${value.expected}`)} end`
    await recordRejected(
      work,
      `select ${literal(of.mapping)}, ${literal(of.file)}, null::bigint, ${of.key}, ${literal(value.sourceColumn)}, left(${value.staged}, 500), ${reason}
       from ${scratch} where ${condition}`,
    )
  }
  await work.session.execute(`delete from ${table} t using ${scratch} b where t.row = b.row`)
}
