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

/** A thousand updates, there and back again: once as completes that bring them, once as incrementals. */
export async function benchIncremental(bench: SynchronizeBench): Promise<IncrementalResult> {
  await generateVersion(bench, 1)
  const back = await prepareVersion(bench, 1)
  const edits = await writeEdits(bench, back)
  await using project = await openBenchProject(bench, await openVersions(bench))
  await synchronize(project.engine, back)
  const rounds: { readonly floor: number; readonly ours: number }[] = []
  for (let round = 0; round < bench.rounds; round++) {
    const there = await complete(project, edits.there.whole)
    const backAgain = await apply(project, edits.back, there.delivery)
    const thereAgain = await apply(project, edits.there.delta, backAgain.delivery)
    const home = await complete(project, back)
    rounds.push({
      floor: (there.milliseconds + home.milliseconds) / 2,
      ours: (backAgain.milliseconds + thereAgain.milliseconds) / 2,
    })
  }
  const of = `${bench.rows.toLocaleString('en')} stored`
  const row = benchRow(
    {
      work: `PostgreSQL: incremental, 1,000 changes, ${of}`,
      floor: 'our own complete that brings the same',
      limit: 0.02,
    },
    rounds,
  )
  return { rows: [row], incremental: row.milliseconds }
}

interface Applied {
  readonly milliseconds: number
  readonly delivery: string
}

async function complete({ engine }: BenchProject, prepared: Prepared): Promise<Applied> {
  const { report, milliseconds } = await synchronize(engine, prepared)
  expectChanges(report, changes)
  return { milliseconds, delivery: report.delivery }
}

async function apply({ engine }: BenchProject, prepared: Prepared, base: string): Promise<Applied> {
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

/** A thousand rows of the file, evenly spread, with another first name, whole and as deltas there and back. */
async function writeEdits(
  bench: SynchronizeBench,
  back: Prepared,
): Promise<{
  readonly there: { readonly whole: Prepared; readonly delta: Prepared }
  readonly back: Prepared
}> {
  const [file] = back.manifest.files
  if (file === undefined) throw new Error('The bench has prepared nothing.')
  const [header = '', ...lines] = (await readFile(join(back.folder, file.name), 'latin1'))
    .trimEnd()
    .split('\n')
  const step = Math.floor(lines.length / changes)
  const isChosen = (index: number) => index % step === 0 && index < changes * step
  const edit = (line: string) => line.replace(/^([^,]*),[^,]*/, '$1,Edited')
  const chosen = lines.filter((_, index) => isChosen(index))
  const write = async (folder: string, text: string, of: Partial<typeof file>): Promise<Prepared> => {
    const target = join(bench.folder, folder)
    await mkdir(target, { recursive: true })
    const bytes = Buffer.from(text, 'latin1')
    const described = {
      ...file,
      ...of,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
    await writeFile(join(target, described.name), bytes)
    return { folder: target, references: [], manifest: { ...back.manifest, files: [described] } }
  }
  const delta = (folder: string, rows: readonly string[]) =>
    write(folder, `command,${header}\n${rows.map((row) => `update,${row}\n`).join('')}`, {
      name: `${file.mapping}.sorted.delta`,
      kind: 'delta',
      rows: changes,
      read: changes,
    })
  const whole = [header, ...lines.map((line, index) => (isChosen(index) ? edit(line) : line)), ''].join('\n')
  return {
    there: { whole: await write('there', whole, {}), delta: await delta('there-delta', chosen.map(edit)) },
    back: await delta('back-delta', chosen),
  }
}
