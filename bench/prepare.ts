/**
 * Prepare against its floor: DuckDB alone reading the same file, ordering it by key and writing it,
 * with the same memory limit, in the same run.
 *
 * Each round measures the floor and then each kind of file, so that a busy machine slows both; the
 * median of the rounds' ratios counts.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { PrepareSettings } from '@sluice/model'
import { type GenerateOptions, generatedColumns, generateRows } from './generate.ts'
import { type BenchRow, benchRow, timed } from './measure.ts'
import { preparePeople } from './prepare-people.ts'

export interface BenchPrepareOptions {
  readonly rows?: number
  readonly rounds?: number
  readonly memoryLimit?: number
}

interface Kind {
  readonly name: string
  readonly file: string
  readonly limit: number
  readonly options: GenerateOptions
}

const kinds: readonly Kind[] = [
  { name: 'prepare a clean file', file: 'clean.csv', limit: 2, options: {} },
  {
    name: 'prepare Windows-1252 with bad rows',
    file: 'careful.csv',
    limit: 4,
    options: { encoding: 'windows-1252', brokenEvery: 10_000 },
  },
]

/** Measures prepare on generated files of `rows` rows. */
export async function benchPrepare(options: BenchPrepareOptions = {}): Promise<BenchRow[]> {
  const { rows = 1_000_000, rounds = 5, memoryLimit = 512 * 1024 * 1024 } = options
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-prepare-'))
  try {
    for (const { file, options } of kinds) await generateRows(join(folder, file), rows, options)
    const settings = { memoryLimit, maximumFieldSize: 16 * 1024 * 1024 }
    const floors: number[] = []
    const ours = kinds.map((): number[] => [])
    for (let round = 0; round < rounds; round++) {
      floors.push(await timed(() => floor(folder, settings)))
      for (const [index, { file }] of kinds.entries()) {
        ours[index]?.push(await timed(() => prepareFile(folder, file, settings)))
      }
    }
    return kinds.map(({ name, limit }, index) => {
      const measured = ours[index] ?? []
      const pairs = measured.map((time, round) => ({ floor: floors[round] ?? Number.NaN, ours: time }))
      return benchRow({ task: name, floor: 'DuckDB alone: read, order by key, write', limit }, pairs)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function floor(folder: string, settings: PrepareSettings): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${settings.memoryLimit / 1024}KiB`,
    temp_directory: join(folder, 'floor-temp'),
  })
  const connection = await instance.connect()
  const columns = generatedColumns.map((name) => `'${name}': 'VARCHAR'`).join(', ')
  await connection.run(
    `copy (select * from read_csv('${join(folder, 'clean.csv')}', header = true, auto_detect = false, columns = {${columns}}) order by id)
     to '${join(folder, 'floor.csv')}' (format csv, header true)`,
  )
  connection.closeSync()
  instance.closeSync()
}

async function prepareFile(folder: string, file: string, settings: PrepareSettings): Promise<void> {
  const properties = generatedColumns.map((column) => ({ property: column, column }))
  await preparePeople({ folder, file }, properties, settings)
}
