/**
 * What a thousand changes cost the server, against a complete of the same source, and against as many in a
 * smaller repository.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deliver } from '@sluice/agent'
import type { Prepared } from '@sluice/prepare'
import { changeBareTables, makeBareTables } from './bare-changes.ts'
import { type BenchRow, benchRow, timed } from './measure.ts'
import {
  type BenchProject,
  expectChanges,
  generateVersion,
  openBenchProject,
  openVersions,
  prepareVersion,
  type SynchronizeBench,
  synchronize,
} from './synchronize.ts'

const changes = 1000
/** Incrementals to a complete. */
const nights = 3
/** Rows between one edit and the next in the same part of the file, so that they are seldom in one page. */
const stride = 389

export interface IncrementalResult {
  readonly rows: readonly BenchRow[]
  /** Milliseconds of one incremental. */
  readonly incremental: number
}

/** Each delivery updates a thousand other rows: three incrementals, and the complete that brings as many. */
export async function benchIncremental(bench: SynchronizeBench): Promise<IncrementalResult> {
  await generateVersion(bench, 1)
  const first = await prepareVersion(bench, 1)
  const people = await readPeople(bench, first)
  await using project = await openBenchProject(bench, await openVersions(bench))
  const loaded = await synchronize(project.synchronizer, first)
  let delivery = loaded.report.delivery ?? ''
  const { database } = project.repository
  await makeBareTables(database)
  const rounds: { readonly bare: number; readonly whole: number; readonly ours: number }[] = []
  for (let round = 0; round < bench.rounds; round++) {
    let [spent, bare] = [0, 0]
    for (let night = 0; night < nights; night++) {
      const applied = await incremental(project, await people.edit('delta'), delivery)
      delivery = applied.delivery
      spent += applied.milliseconds
      bare += await changeBareTables(database, people.lastEdit())
    }
    const whole = await complete(project, await people.edit('whole'))
    delivery = whole.delivery
    rounds.push({ bare: bare / nights, whole: whole.milliseconds, ours: spent / nights })
  }
  const task = `PostgreSQL: incremental, 1,000 changes, ${bench.rows.toLocaleString('en')} stored`
  const againstWhole = benchRow(
    { task, floor: 'our own complete that brings as many', limit: 0.02 },
    rounds.map(({ whole, ours }) => ({ floor: whole, ours })),
  )
  const againstBare = benchRow(
    { task, floor: 'COPY, lookup by key, history, update, digest: bare statements', limit: 2 },
    rounds.map(({ bare, ours }) => ({ floor: bare, ours })),
  )
  return { rows: [againstWhole, againstBare], incremental: againstWhole.milliseconds }
}

interface Applied {
  readonly milliseconds: number
  readonly delivery: string
}

async function complete({ synchronizer }: BenchProject, prepared: Prepared): Promise<Applied> {
  const { report, milliseconds } = await synchronize(synchronizer, prepared)
  expectChanges(report, changes)
  return { milliseconds, delivery: report.delivery ?? '' }
}

async function incremental(
  { synchronizer }: BenchProject,
  prepared: Prepared,
  base: string,
): Promise<Applied> {
  const id = randomUUID()
  await synchronizer.inbox.announce({ id, source: 'people', mode: 'incremental', base })
  await deliver({ inbox: synchronizer.inbox, deliveryId: id, prepared })
  let found: Awaited<ReturnType<typeof synchronizer.synchronize>> = []
  const milliseconds = await timed(async () => {
    found = await synchronizer.synchronize('people')
  })
  const [report] = found
  if (report === undefined) throw new Error('The incremental was not applied.')
  expectChanges(report, changes)
  return { milliseconds, delivery: id }
}

interface People {
  /** Another first name for a thousand rows that had none yet, evenly spread: those rows alone, or everybody. */
  edit(kind: 'delta' | 'whole'): Promise<Prepared>
  /** The rows of that edit, as they are in the file. */
  lastEdit(): { readonly folder: string; readonly header: string; readonly lines: readonly string[] }
}

async function readPeople(bench: SynchronizeBench, { folder, manifest }: Prepared): Promise<People> {
  const [file] = manifest.files
  if (file === undefined) throw new Error('The bench has prepared nothing.')
  const [header = '', ...lines] = (await readFile(join(folder, file.name), 'latin1')).trimEnd().split('\n')
  const step = Math.floor(lines.length / changes)
  const write = async (kind: string, text: string, of: Partial<typeof file>): Promise<Prepared> => {
    const target = join(bench.folder, kind)
    await mkdir(target, { recursive: true })
    const bytes = Buffer.from(text, 'latin1')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const described = { ...file, ...of, size: bytes.length, sha256 }
    await writeFile(join(target, described.name), bytes)
    return { folder: target, references: [], manifest: { ...manifest, files: [described] } }
  }
  let edits = 0
  let chosen: readonly number[] = []
  return {
    lastEdit: () => ({ folder: bench.folder, header, lines: chosen.map((index) => lines[index] ?? '') }),
    edit: async (kind) => {
      chosen = Array.from({ length: changes }, (_, index) => index * step + ((edits * stride) % step))
      edits += 1
      for (const index of chosen) lines[index] = lines[index]?.replace(/^([^,]*),[^,]*/, '$1,Edited') ?? ''
      if (kind === 'whole') return await write(kind, [header, ...lines, ''].join('\n'), {})
      const rows = chosen.map((index) => `update,${lines[index]}\n`)
      return await write(kind, `command,${header}\n${rows.join('')}`, {
        name: `${file.mapping}.sorted.delta`,
        kind: 'delta',
        rows: changes,
        read: changes,
      })
    },
  }
}
