/**
 * An example in a folder of its own, and the page of the same name that tells what happens there.
 *
 * @module
 */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { callCommandLine } from '../packages/cli/test/call-command-line.ts'
import { playPage, wordsOf } from '../tools/tutorial.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A copy of `examples/NAME`, without the repository that somebody may have made there, and `docs/NAME.md`. */
export async function openTutorial(name: 'federation' | 'discovery' | 'infrastructure' | 'shaping') {
  const folder = await mkdtemp(join(tmpdir(), `sluice-${name}-`))
  const page = join(root, 'docs', `${name}.md`)
  const example = join(root, 'examples', name)
  await cp(example, folder, {
    recursive: true,
    filter: (path) => !/[/\\](?:repository|\.sluice)$/.test(path),
  })
  return {
    folder,
    page,
    /** The page, with what its commands print here. */
    playPage: async () =>
      await playPage(await readFile(page, 'utf8'), (command) => play({ folder, example }, command)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function play(
  { folder, example }: Record<'folder' | 'example', string>,
  command: string,
): Promise<string> {
  const [program, ...args] = wordsOf(command)
  if (program === 'cat') return await readFile(join(example, args[0] ?? ''), 'utf8')
  if (program !== 'sluice') throw new Error(`${command} is neither cat nor sluice.`)
  const { stdout, stderr } = await callCommandLine(folder, args, { user: 'olga' })
  return alike(`${stdout}${withoutProgress(stderr)}`)
}

/** What takes longer than usual, on a machine with much else to do, is told every few seconds. */
function withoutProgress(stderr: string): string {
  const stages = 'export|prepare|deliver|receive|translate|reconcile|resolve|guard|apply'
  return stderr.replaceAll(new RegExp(`^\\w+ (?:${stages})\\b.*\\n`, 'gm'), '')
}

/** As in another repository, at another time. */
function alike(text: string): string {
  return text
    .replaceAll(/^test_\w+\./gm, 'sluice.')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-11-30 08:00:00')
    .replaceAll(/^(?:\n(?=Took .*\n\n))?Took .*\n/gm, '')
}
