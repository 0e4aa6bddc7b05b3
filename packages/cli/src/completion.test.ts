import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const run = promisify(execFile)
const scratch = mkdtempSync(join(tmpdir(), 'sluice-completion-'))
const folder = join(scratch, 'project')
mkdirSync(join(folder, 'more'), { recursive: true })
writeFileSync(
  join(folder, 'sluice.yaml'),
  `include: [more/*.yaml]
entityTypes: {Person: {display: name, properties: {name: string}}}
associations: {Approver: {from: Person, to: Person}}
notifications: {receivers: {ops: {}}}
`,
)
writeFileSync(join(folder, 'more', 'sources.yaml'), 'sources: {hr: {}, ad: {}}\njobs: {nightly: {}}\n')
writeFileSync(join(folder, 'more', 'broken.yaml'), 'sources: [: {')
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** What a line may go on with; its last word is completed. */
async function complete(line: string, shell = 'fish'): Promise<readonly string[]> {
  const { status, stdout, stderr } = await callCommandLine(folder, [
    'completion',
    shell,
    '--',
    ...line.split(' '),
  ])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.split('\n').flatMap((one) => (one === '' ? [] : [one.split('\t')[0] ?? '']))
}

describe('a line is completed with', () => {
  test.each([
    ['commands', 'sluice sy', ['sync', 'synchronize']],
    ['commands below a command', 'sluice runs re', ['rejected', 'reject', 'revert', 'retry']],
    ['options of the command and of the program', 'sluice sync --s', ['--server', '--sql']],
    ['choices of an option', 'sluice sync --mode ', ['auto', 'initial', 'complete', 'incremental']],
    ['choices behind an equals sign', 'sluice sync --mode=co', ['--mode=complete']],
    ['choices of an argument', 'sluice completion z', ['zsh']],
    ['sources, of included files too', 'sluice sync ', ['ad', 'hr']],
    ['a further source, behind options', 'sluice sync --mode complete ad h', ['hr']],
    ['sources for an option', 'sluice runs --source h', ['hr']],
    ['entity types', 'sluice resources ', ['Person']],
    ['associations', 'sluice links A', ['Approver']],
    ['jobs', 'sluice run ', ['nightly']],
    ['receivers', 'sluice notifications test ', ['ops']],
    ['topics and commands to be helped with', 'sluice help he', ['held', 'help']],
    ['files, which the shell knows', 'sluice sync hr --folder ', [':files']],
    ['nothing where the line is wrong already', 'sluice nonsense ', []],
  ])('%s', async (_, line, words) => {
    expect([...(await complete(line))].sort()).toEqual([...words].sort())
  })
})

test('bash takes words apart at an equals sign, and is given what stands behind', async () => {
  expect(await complete('sluice sync --mode = co', 'bash')).toEqual(['complete'])
})

test('names are those of the project that the line names', async () => {
  const { stdout } = await callCommandLine(scratch, [
    'completion',
    'bash',
    '--',
    'sluice',
    '-C',
    folder,
    'plan',
    'h',
  ])
  expect(stdout).toBe('hr\n')
})

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const bin = join(scratch, 'bin')
mkdirSync(bin)
writeFileSync(join(bin, 'sluice'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 })
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, HOME: scratch }

async function inShell(shell: string, script: string): Promise<readonly string[]> {
  const { stdout } = await run(shell, ['-c', script], { cwd: folder, env })
  return stdout.split('\n').filter((line) => line !== '')
}

const isInstalled = (shell: string) =>
  (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, shell)))

describe('the script', () => {
  test('completes in bash', async () => {
    const script = `eval "$(sluice completion bash)"
      COMP_WORDS=(sluice sync h) COMP_CWORD=2
      _sluice 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"
      complete -p sluice`
    expect(await inShell('bash', script)).toEqual(['hr', 'complete -F _sluice sluice'])
  })

  test.runIf(isInstalled('fish'))('completes in fish', async () => {
    const script = `sluice completion fish | source
      complete -C 'sluice sync h'
      complete -C 'sluice run'`
    expect((await inShell('fish', script)).map((line) => line.split('\t')[0])).toEqual(['hr', 'run', 'runs'])
  })

  test.runIf(isInstalled('zsh'))('completes in zsh', async () => {
    // Completion needs a terminal: what would be offered is printed in its place.
    const script = `compdef() { : }
      eval "$(sluice completion zsh)"
      _describe() { print -l -- "\${found[@]}" }
      words=(sluice sync h) CURRENT=3
      _sluice`
    expect(await inShell('zsh', script)).toEqual(['hr'])
  })
})
