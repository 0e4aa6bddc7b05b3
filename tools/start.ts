/**
 * `npm start`: the main job on the shipped example, with the command line as anyone would type it.
 *
 * Loads the first snapshot of the software catalogue into an embedded repository, says what the
 * second one would change, and applies it. Each start begins with an empty repository.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const example = join(root, 'examples', 'software-catalogue')
const main = join(root, 'packages', 'cli', 'src', 'main.ts')

say('A first load of the packages of Debian, their maintainers and dependencies, as of July 2026.')
for (const scratch of ['repository', '.sluice'])
  rmSync(join(example, scratch), { recursive: true, force: true })
sluice('sync', 'debian', '--folder', 'data/2026-07')

say('Four months later: what would change?')
sluice('plan', 'debian', '--folder', 'data/2026-11')

say('Only the differences are written, in one transaction.')
sluice('sync', 'debian', '--folder', 'data/2026-11')

say('Now it is yours:')
process.stdout.write(
  [
    '  cd examples/software-catalogue',
    '  npx sluice resources Package --where section=shells --columns name,version,maintainer',
    '  npx sluice explain Package bash',
    '  npx sluice runs',
    '',
    '  npx sluice init demo && cd demo && npx sluice sync        a project of your own',
    '',
  ].join('\n'),
)

function say(text: string): void {
  process.stdout.write(`\n── ${text}\n`)
}

function sluice(...args: readonly string[]): void {
  process.stdout.write(`\n$ sluice ${args.join(' ')}\n`)
  const { status } = spawnSync(process.execPath, [main, ...args], { cwd: example, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
