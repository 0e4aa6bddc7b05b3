/**
 * The start of the program, as somebody at a terminal waits for it: processes against Node alone, and against a process that opens
 * PGlite and nothing else.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type BenchRow, benchRow, timed } from './measure.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const main = join(root, 'packages', 'cli', 'src', 'main.ts')

/** Run in a folder of the clone, which knows PGlite. */
const openAlone = `
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create({ dataDir: process.argv[1] })
  await database.close()`

export async function benchStart({
  folder,
  rounds,
}: {
  readonly folder: string
  readonly rounds: number
}): Promise<readonly BenchRow[]> {
  await mkdir(folder, { recursive: true })
  const project = join(folder, 'project')
  const sluice = (...args: readonly string[]) =>
    timed(() => run(process.execPath, [main, '-C', project, ...args]))
  const measured = { help: pairs(), check: pairs(), first: pairs(), unchanged: pairs() }
  await run(process.execPath, [main, 'init', project])
  // Once without being measured: what Node compiles is kept.
  await sluice('sync')
  for (let round = 0; round < rounds; round += 1) {
    const node = await timed(() => run(process.execPath, ['-e', '0']))
    measured.help.push({ floor: node, ours: await sluice('--help') })
    measured.check.push({ floor: node, ours: await sluice('check') })
    for (const made of ['repository', '.sluice'])
      await rm(join(project, made), { recursive: true, force: true })
    const first = await sluice('sync')
    const unchanged = await sluice('sync')
    const data = join(project, 'repository', 'data')
    const opened = await timed(() =>
      run(process.execPath, ['--input-type=module', '-e', openAlone, data], {
        cwd: join(root, 'packages', 'repository'),
      }),
    )
    measured.first.push({ floor: opened, ours: first })
    measured.unchanged.push({ floor: opened, ours: unchanged })
  }
  const [node, pglite] = ['`node -e 0`', 'a process that opens PGlite and closes it']
  return [
    benchRow({ task: 'start: `sluice --help`', floor: node, limit: 6 }, measured.help),
    benchRow({ task: "start: `sluice check` of `init`'s project", floor: node, limit: null }, measured.check),
    benchRow(
      { task: "start: first `sluice sync` of `init`'s project", floor: pglite, limit: null },
      measured.first,
    ),
    benchRow(
      { task: 'start: `sluice sync`, nothing changed', floor: pglite, limit: null },
      measured.unchanged,
    ),
  ]
}

function pairs(): { readonly floor: number; readonly ours: number }[] {
  return []
}
