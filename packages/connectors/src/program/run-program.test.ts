import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { type ProgramRequest, runProgram } from './run-program.ts'

const node = (script: string): readonly [string, ...string[]] => [process.execPath, '-e', script]
const sh = (script: string): readonly [string, ...string[]] => ['sh', '-c', script]

const run = (command: ProgramRequest['command'], parts: Partial<ProgramRequest> = {}) =>
  runProgram({
    command,
    workingFolder: tmpdir(),
    environment: { PATH: process.env['PATH'] },
    timeout: 30_000,
    grace: 500,
    aftermath: 100,
    ...parts,
  })

/** Whether a process with this word among its arguments runs. */
function runs(word: string): boolean {
  const list = execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' })
  return list.split('\n').some((line) => line.includes(word) && !/^Z/.test(line))
}

describe('the end of a program', () => {
  test('is its status, or the signal that ended it', async () => {
    expect(await run(sh('exit 3'))).toMatchObject({ kind: 'exited', status: 3 })
    expect(await run(sh('kill -SEGV $$'))).toMatchObject({ kind: 'signalled', signal: 'SIGSEGV' })
  })

  test('is that it could not be started, with the reason', async () => {
    const end = await run(['/no/such/program'])
    expect(end).toMatchObject({ kind: 'not started', cause: { code: 'ENOENT' } })
  })

  test('comes when its time is over, with all that it started', async () => {
    const end = await run(sh('echo waiting >&2; sleep 300.125 & sleep 300.125'), { timeout: 300 })
    expect(end).toMatchObject({ kind: 'timeout', output: ['waiting'] })
    expect(runs('300.125')).toBe(false)
  })

  test('comes by force when it does not listen', async () => {
    const deaf = node("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000) // deaf-one")
    expect(await run(deaf, { timeout: 600 })).toMatchObject({ kind: 'timeout' })
    expect(runs('deaf-one')).toBe(false)
  })

  test('comes when the work is stopped, and that is thrown', async () => {
    const stop = new AbortController()
    const work = run(sh('sleep 300.25'), { signal: stop.signal })
    stop.abort(new Error('stopped'))
    await expect(work).rejects.toThrow('stopped')
    expect(runs('300.25')).toBe(false)
  })

  test('is no good end while something it started goes on, which is ended', async () => {
    const end = await run(sh('sleep 300.375 & echo all right'))
    expect(end).toMatchObject({ kind: 'left behind', output: ['all right'] })
    expect(runs('300.375')).toBe(false)
  })

  test('waits a little for what is about to end', async () => {
    const end = await run(sh('(sleep 0.2; echo late) & echo early'), { aftermath: 5000 })
    expect(end).toMatchObject({ kind: 'exited', status: 0, output: ['early', 'late'] })
  })

  test('is not held up by one that left the group and kept the outputs', async () => {
    const end = await run(sh('setsid sleep 3.0625 & echo done; sleep 0.1'))
    expect(end).toMatchObject({ kind: 'exited', status: 0, output: ['done'] })
  })
})

describe('what a program writes', () => {
  test('comes line by line, of both outputs, without the signs of a terminal', async () => {
    const lines: string[] = []
    const script = String.raw`printf 'one\rtwo\n\033[31mred\033[0m\n\nlast'; printf 'caf\303\251\n' >&2`
    await run(sh(script), { onLine: ({ stream, text }) => void lines.push(`${stream} ${text}`) })
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([
      'stdout one',
      'stdout two',
      'stdout red',
      'stdout last',
    ])
    expect(lines).toContain('stderr café')
  })

  test('is cut when it is megabytes, and its end is kept', async () => {
    const lines: string[] = []
    const script = `
      for (let at = 0; at < 200000; at++) console.log('line ' + at + ' ' + 'x'.repeat(40))
      console.log('y'.repeat(5_000_000))
      console.error('last words')`
    const end = await run(node(script), { onLine: ({ text }) => void lines.push(text) })
    expect(end).toMatchObject({ kind: 'exited', status: 0, output: ['last words'] })
    expect(lines).toHaveLength(10_001)
    expect(lines.at(-1)).toBe('… 190002 further lines were left out.')
  })
})
