/**
 * Ten transforms against none: both prepare the same clean file, in seconds of a processor, since times beside a load say nothing.
 *
 * @module
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { PropertyMapping, Shape } from '@sluice/model'
import { generatedColumns, generateRows } from './generate.ts'
import { type BenchRow, benchRow } from './measure.ts'
import { preparePeople } from './prepare-people.ts'

interface BenchShapingOptions {
  readonly folder: string
  readonly rows: number
  readonly rounds: number
}

const plain: Pick<Shape, 'origin' | 'transforms'> = { origin: { kind: 'column' }, transforms: [] }

/** One for each kind of work: joined, cut, matched, translated, evaluated. */
const ten: Readonly<Record<string, Shape>> = {
  first_name: { ...plain, columns: ['first_name'], transforms: [{ kind: 'trim' }] },
  last_name: { ...plain, columns: ['last_name'], transforms: [{ kind: 'upper' }] },
  mail: { ...plain, columns: ['mail'], transforms: [{ kind: 'lower' }] },
  number: { ...plain, columns: ['number'], transforms: [{ kind: 'pad', length: 10, fill: '0' }] },
  active: { ...plain, columns: ['active'], transforms: [{ kind: 'not' }] },
  hired: { ...plain, columns: ['hired'], transforms: [{ kind: 'take', nth: 1, by: '-' }] },
  status: {
    ...plain,
    columns: ['status'],
    transforms: [],
    table: {
      name: 'the table',
      entries: [
        ['active', 'A'],
        ['gone', 'G'],
      ],
      otherwise: 'keep',
    },
  },
  uuid: { ...plain, columns: ['uuid'], transforms: [{ kind: 'guid' }] },
  remark: { ...plain, columns: ['remark'], transforms: [{ kind: 'unicode', form: 'NFC' }] },
  name: { origin: { kind: 'join', between: ' ' }, columns: ['first_name', 'last_name'], transforms: [] },
}

const expression: Shape = {
  origin: { kind: 'expression', expression: 'row.first_name + " " + row.last_name' },
  columns: [],
  transforms: [],
}

export async function benchShaping({ folder, rows, rounds }: BenchShapingOptions): Promise<BenchRow[]> {
  await mkdir(folder, { recursive: true })
  try {
    await generateRows(join(folder, 'people.csv'), rows)
    const kinds = [
      { task: 'prepare with ten transforms', shapes: ten },
      { task: 'prepare with nine transforms and an expression', shapes: { ...ten, name: expression } },
    ]
    const measured = kinds.map((): { floor: number; ours: number }[] => [])
    for (let round = 0; round < rounds; round++) {
      const floor = await processorTime(() => prepareShaped(folder, {}))
      for (const [index, { shapes }] of kinds.entries()) {
        measured[index]?.push({ floor, ours: await processorTime(() => prepareShaped(folder, shapes)) })
      }
    }
    const of = { floor: 'the same file without (seconds of a processor)', limit: 2 }
    return kinds.map(({ task }, index) => benchRow({ ...of, task }, measured[index] ?? []))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Milliseconds of a processor, of all threads of the process. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

async function prepareShaped(folder: string, shapes: Readonly<Record<string, Shape>>): Promise<void> {
  const names = [...generatedColumns, ...(shapes['name'] === undefined ? [] : ['name'])]
  const properties = names.map((property): PropertyMapping => {
    const shape = shapes[property]
    return shape === undefined
      ? { property, column: property }
      : { property, column: `${property} shaped`, shape }
  })
  const settings = { memoryLimit: 512 * 1024 * 1024, maximumFieldSize: 16 * 1024 * 1024 }
  await preparePeople({ folder, file: 'people.csv' }, properties, settings)
}
