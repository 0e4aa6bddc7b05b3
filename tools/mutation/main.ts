/**
 * `npm run mutation`: changes the sources that guard data, one small change after the other, and names the changes that no
 * test notices. `npm run mutation -- FILE…` does so for some of them, `--list` only says what would be changed, `--near` runs
 * only the nearest tests.
 *
 * A change that lives is a test that is missing, code that nothing needs, or one that makes no difference: those are
 * listed in `equivalents.ts`, with the reason. Exit status 1 where others live.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isEquivalent } from './equivalents.ts'
import { changeOf, lineOf, type Mutant, mutated } from './mutant.ts'
import { MutantTrial } from './mutant-trial.ts'
import { mutantsOf } from './mutate-code.ts'
import { mutatedFiles, targetOf } from './targets.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    near: { type: 'boolean', default: false },
  },
})
const files = filesOf(positionals)
if (values.list)
  for (const file of files)
    for (const { line, change } of mutationsOf(file)) console.log(`${file}:${line} ${change}`)
else process.exitCode = (await tryAll(files)) > 0 ? 1 : 0

interface Mutation {
  readonly file: string
  readonly text: string
  readonly mutant: Mutant
  readonly line: number
  readonly change: string
}

function filesOf(named: readonly string[]): readonly string[] {
  const wanted = named.length === 0 ? mutatedFiles : named.map((name) => relative(root, name))
  return [...new Set(wanted.flatMap((glob) => globSync(glob, { cwd: root })))]
    .filter((file) => !file.endsWith('.test.ts'))
    .sort()
}

function mutationsOf(file: string): readonly Mutation[] {
  const text = readFileSync(join(root, file), 'utf8')
  const lines = text.split('\n')
  return mutantsOf(text)
    .map((mutant) => ({ file, text, mutant, line: lineOf(text, mutant), change: changeOf(text, mutant) }))
    .filter(({ line, change }) => !isEquivalent(file, lines[line - 1] ?? '', change))
}

/** How many lived. */
async function tryAll(files: readonly string[]): Promise<number> {
  await using trial = await MutantTrial.open()
  endOnInterrupt(trial)
  let lived = 0
  for (const file of files) lived += await tryFile(trial, file)
  console.log(`${lived} changes that no test notices`)
  return lived
}

async function tryFile(trial: MutantTrial, file: string): Promise<number> {
  const steps = targetOf(file)
    .tests.slice(0, values.near ? 1 : undefined)
    .map((globs) => globSync([...globs], { cwd: root }))
    .filter((tests) => tests.length > 0)
  for (const tests of steps) {
    const failure = await trial.failureOf(tests, undefined)
    if (failure !== undefined) throw new Error(`A test fails before anything is changed. ${failure}`)
  }
  const mutations = mutationsOf(file)
  let lived = 0
  for (const [at, mutation] of mutations.entries()) {
    showProgress(`${file}: ${at + 1} of ${mutations.length}`)
    if (await isNoticed(trial, mutation, steps)) continue
    lived += 1
    console.log(`${file}:${mutation.line} ${mutation.change}`)
  }
  console.log(`${file}: ${mutations.length} changes, ${lived} that no test notices`)
  return lived
}

/** Where somebody looks on. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001b[K\r`)
}

async function isNoticed(
  trial: MutantTrial,
  { file, text, mutant }: Mutation,
  steps: readonly (readonly string[])[],
): Promise<boolean> {
  const changed = { path: join(root, file), text: mutated(text, mutant) }
  for (const tests of steps) if ((await trial.failureOf(tests, changed)) !== undefined) return true
  return false
}

/** The servers of the tests are stopped, and the folder removed; a second ctrl-C waits for nothing. */
function endOnInterrupt(trial: MutantTrial): void {
  process.once('SIGINT', async () => {
    process.once('SIGINT', () => process.exit(130))
    await trial[Symbol.asyncDispose]()
    process.exit(130)
  })
}
