/**
 * `npm run federation`: the story of docs/federation.md, played in examples/federation.
 *
 * Each time it begins with an empty repository. Some commands are refused, as the page says.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { consoleBlocks, wordsOf } from './tutorial.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const example = join(root, 'examples', 'federation')
const main = join(root, 'packages', 'cli', 'src', 'main.ts')

for (const scratch of ['repository', '.sluice'])
  rmSync(join(example, scratch), { recursive: true, force: true })

let section = ''
for (const { heading, commands } of consoleBlocks(
  readFileSync(join(root, 'docs', 'federation.md'), 'utf8'),
)) {
  if (heading !== section) process.stdout.write(`\n── ${heading}\n`)
  section = heading
  for (const command of commands) play(command)
}

function play(command: string): void {
  process.stdout.write(`\n$ ${command}\n`)
  const [program, ...args] = wordsOf(command)
  if (program === 'cat') process.stdout.write(readFileSync(join(example, args[0] ?? '')))
  else spawnSync(process.execPath, [main, ...args], { cwd: example, stdio: 'inherit' })
}
