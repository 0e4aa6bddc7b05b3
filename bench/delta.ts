/**
 * The delta of an incremental against its floor: DuckDB's own full join of the same two sorted files, writing
 * the rows that differ.
 *
 * @module
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { compareSorted } from '../packages/prepare/src/compare/compare-sorted.ts'
import { projectionsOf } from '../packages/prepare/src/projection.ts'
import { DeltaFile } from '../packages/prepare/src/write/delta-file.ts'
import { generatedColumns } from './generate.ts'
import { type BenchRow, benchRow, timed } from './measure.ts'
import { generateVersion, openVersions, prepareVersion, type SynchronizeBench } from './synchronize.ts'

const memoryLimit = 512 * 1024 * 1024

/** Compares two versions of the generated file, of which one row in a hundred differs. */
export async function benchDelta(bench: SynchronizeBench): Promise<readonly BenchRow[]> {
  await generateVersion(bench, 1)
  const before = await prepareVersion(bench, 1)
  await generateVersion(bench, 2)
  const after = await prepareVersion(bench, 2)
  const { model, sources } = await openVersions(bench)
  const source = sources.get('people')
  const [projection] = source === undefined ? [] : projectionsOf(source, model)
  const [was] = before.manifest.files
  const [is] = after.manifest.files
  if (projection === undefined || was === undefined || is === undefined)
    throw new Error('Nothing was prepared.')
  const old = { path: join(before.folder, was.name), sha256: was.sha256 }
  const made = join(after.folder, is.name)
  const folder = join(bench.folder, 'delta')
  await mkdir(folder, { recursive: true })

  const rounds: { readonly floor: number; readonly ours: number }[] = []
  for (let round = 0; round < bench.rounds; round++) {
    const floor = await timed(() => fullJoin(old.path, made, join(folder, 'floor.csv')))
    const ours = await timed(async () => {
      await using delta = await DeltaFile.create(folder, projection)
      await compareSorted({ projection, before: old, after: made, delta })
    })
    rounds.push({ floor, ours })
  }
  await expectRows(join(folder, 'floor.csv'), bench.rows / 100)
  await expectRows(join(folder, `${projection.mapping}.sorted.delta`), bench.rows / 100)
  const task = 'delta of two sorted files, 1 % changed'
  return [benchRow({ task, floor: 'DuckDB alone: full join of the same files', limit: 2 }, rounds)]
}

async function fullJoin(before: string, after: string, target: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: `${memoryLimit / 1024}KiB` })
  const connection = await instance.connect()
  const columns = generatedColumns.map((name) => `'${name}': 'VARCHAR'`).join(', ')
  const read = (path: string) =>
    `read_csv('${path}', header = true, auto_detect = false, allow_quoted_nulls = false, columns = {${columns}})`
  const command = `case when b.id is null then 'insert' when a.id is null then 'delete' else 'update' end`
  const either = generatedColumns.map((name) => `coalesce(a.${name}, b.${name}) as ${name}`).join(', ')
  await connection.run(
    `copy (select ${command} as command, ${either}
       from ${read(before)} b full join ${read(after)} a on a.id = b.id
       where b is distinct from a order by coalesce(a.id, b.id))
     to '${target}' (format csv, header true)`,
  )
  connection.closeSync()
  instance.closeSync()
}

async function expectRows(path: string, expected: number): Promise<void> {
  const found = (await readFile(path, 'utf8')).split('\n').length - 2
  if (found !== Math.floor(expected)) throw new Error(`${path} has ${found} rows instead of ${expected}.`)
}
