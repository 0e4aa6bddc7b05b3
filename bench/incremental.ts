/**
 * What a thousand changes cost the server, against a complete of the same source, and against the same thousand in a
 * smaller repository.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deliver, type Prepared } from '@sluice/agent'
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

export interface IncrementalResult {
  readonly rows: readonly BenchRow[]
  /** Milliseconds of one incremental. */
  readonly incremental: number
}

/** A thousand updates, there and back again in turns, and a complete that finds nothing. */
export async function benchIncremental(bench: SynchronizeBench): Promise<IncrementalResult> {
  await generateVersion(bench, 1)
  const whole = await prepareVersion(bench, 1)
  const deltas = await writeDeltas(bench, whole)
  await using project = await openBenchProject(bench, await openVersions(bench))
  await synchronize(project.engine, whole)
  const rounds: { readonly floor: number; readonly ours: number }[] = []
  for (let round = 0; round < bench.rounds; round++) {
    const complete = await synchronize(project.engine, whole)
    const base = complete.report.delivery
    const [there, back] = [await apply(project, deltas.there, base), deltas.back]
    const again = await apply(project, back, there.delivery)
    rounds.push({ floor: complete.milliseconds, ours: (there.milliseconds + again.milliseconds) / 2 })
  }
  const of = `${bench.rows.toLocaleString('en')} stored`
  const row = benchRow(
    {
      work: `PostgreSQL: incremental, 1,000 changes, ${of}`,
      floor: 'our own complete, nothing changed',
      limit: 0.02,
    },
    rounds,
  )
  return { rows: [row], incremental: row.milliseconds }
}

async function apply(
  { engine }: BenchProject,
  prepared: Prepared,
  base: string,
): Promise<{ readonly milliseconds: number; readonly delivery: string }> {
  const id = randomUUID()
  await engine.inbox.announce({ id, source: 'people', mode: 'incremental', base })
  await deliver({ inbox: engine.inbox, deliveryId: id, prepared })
  let found: Awaited<ReturnType<typeof engine.synchronize>> = []
  const milliseconds = await timed(async () => {
    found = await engine.synchronize('people')
  })
  const [report] = found
  if (report === undefined) throw new Error('The incremental was not applied.')
  expectChanges(report, changes)
  return { milliseconds, delivery: id }
}

/** A thousand rows of the file, evenly spread, with another first name; and the same rows as they were. */
async function writeDeltas(
  bench: SynchronizeBench,
  whole: Prepared,
): Promise<{ readonly there: Prepared; readonly back: Prepared }> {
  const [file] = whole.manifest.files
  if (file === undefined) throw new Error('The bench has prepared nothing.')
  const [header = '', ...lines] = (await readFile(join(whole.folder, file.name), 'latin1'))
    .trimEnd()
    .split('\n')
  const step = Math.floor(lines.length / changes)
  const chosen = Array.from({ length: changes }, (_, index) => lines[index * step] ?? '')
  const edited = chosen.map((line) => line.replace(/^([^,]*),[^,]*/, '$1,Edited'))
  const write = async (name: string, rows: readonly string[]): Promise<Prepared> => {
    const folder = join(bench.folder, name)
    await mkdir(folder, { recursive: true })
    const text = `command,${header}\n${rows.map((row) => `update,${row}\n`).join('')}`
    const bytes = Buffer.from(text, 'latin1')
    const delta = `${file.mapping}.sorted.delta`
    await writeFile(join(folder, delta), bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const counts = { rows: changes, read: changes, rejected: 0, nullKey: 0, duplicate: 0, noLink: 0 }
    const described = { ...file, ...counts, name: delta, kind: 'delta' as const, size: bytes.length, sha256 }
    return { folder, references: [], manifest: { ...whole.manifest, files: [described] } }
  }
  return { there: await write('there', edited), back: await write('back', chosen) }
}
