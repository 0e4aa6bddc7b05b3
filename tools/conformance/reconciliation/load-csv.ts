/**
 * Stand-in until loads come through the front door: enough of a CSV for the scenarios that need no more.
 *
 * @module
 */
import { identifier } from '@sluice/repository'
import type { LoadStep } from './scenario.ts'
import { columnName, type Workbench } from './workbench.ts'

export interface LoadResult {
  readonly refused: boolean
  readonly code: string | null
  readonly rows: number
  readonly inserted: number
  readonly changed: number
  readonly identical: number
  readonly issues: number
  readonly duplicates: number
  readonly warnings: number
}

export async function loadCsv(
  bench: Workbench,
  { source, csv, separator = ';' }: LoadStep,
): Promise<LoadResult> {
  const [header = '', ...lines] = bench
    .fill(csv)
    .split('\n')
    .filter((line) => line !== '')
  const names = header.split(separator).map((name) => columnName(name.trim()))
  const table = identifier(await bench.assertedTable(source))
  const replicas = identifier(`replica_${source}_${bench.definitionOf(source).entityType.toLowerCase()}`)
  const id = await bench.sourceId(source)
  const mapping = bench.definitionOf(source).entityType
  const result = { inserted: 0, changed: 0, identical: 0, duplicates: 0 }
  const keys: string[] = []
  await bench.repository.database.transaction(async (session) => {
    for (const line of lines) {
      const cells = line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
      const row = Object.fromEntries(
        names.map((name, index) => [name, cells[index] === '<NULL>' ? null : (cells[index] ?? null)]),
      )
      const { key, ...values } = row
      if (key === undefined || key === null) continue
      if (keys.includes(key)) {
        result.duplicates += 1
        continue
      }
      keys.push(key)
      const columns = Object.keys(values)
      const { rows } = await session.query<Record<string, string | null>>(
        `select * from ${table} where primary_key = $1`,
        [key],
      )
      const [stored] = rows
      if (stored === undefined) {
        const list = ['primary_key', ...columns].map(identifier).join(', ')
        await session.query(
          `insert into ${table} (${list}) values (${['$1', ...columns.map((_, n) => `$${n + 2}`)].join(', ')})`,
          [key, ...Object.values(values)],
        )
        result.inserted += 1
      } else if (columns.some((column) => stored[column] !== values[column])) {
        await session.query(
          `update ${table} set ${columns.map((column, n) => `${identifier(column)} = $${n + 2}`).join(', ')} where primary_key = $1`,
          [key, ...Object.values(values)],
        )
        result.changed += 1
      } else result.identical += 1
    }
    await session.query(
      `update ${replicas} r set absent_since = greatest(r.last_seen, (select loaded_at from sluice_load x where x.source_id = ${id} and x.mapping = $2))
       where absent_since is null and not (key = any($1::text[]))`,
      [keys, mapping],
    )
    await session.query(
      `update ${replicas} r set absent_since = null, status = case when status = 'obsolete' then 'modified' else status end
       where absent_since is not null and key = any($1::text[])`,
      [keys],
    )
    await session.query(
      `insert into sluice_load values (${id}, $1, clock_timestamp()) on conflict (source_id, mapping) do update set loaded_at = excluded.loaded_at`,
      [mapping],
    )
  })
  return { refused: false, code: null, rows: lines.length, ...result, issues: 0, warnings: 0 }
}
