/**
 * Nobody takes what a process says: a disk that is full, a reader that went away. The work goes on.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../../test/free-port.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sluice-full-log-'))
const folder = join(scratch, 'project')
const places = new AsyncDisposableStack()
const children = new Set<ChildProcess>()
const full = existsSync('/dev/full')

beforeAll(async () => {
  expect(await callCommandLine(scratch, ['init', 'project'])).toMatchObject({ status: 0 })
  places.use(await moveToServer(folder))
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await places.disposeAsync()
  rmSync(scratch, { recursive: true, force: true })
})

/** In a process of its own, whose outputs are what is said here. */
function start(args: readonly string[], stdout: 'pipe' | number, stderr: 'pipe' | number): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ['ignore', stdout, stderr] })
  children.add(child)
  child.once('close', () => children.delete(child))
  return child
}

async function statusOf(child: ChildProcess): Promise<number | null> {
  const [status] = await once(child, 'close')
  return status
}

const runs = async () => JSON.parse((await callCommandLine(folder, ['runs', '--json'])).stdout).length

test.runIf(full)('a run is applied although its progress cannot be written', async () => {
  const before = await runs()
  const nowhere = openSync('/dev/full', 'w')
  expect(await statusOf(start(['sync', '--mode', 'complete'], 'pipe', nowhere))).toBe(0)
  closeSync(nowhere)
  expect(await runs()).toBe(before + 1)
})

test.runIf(full)('a result that cannot be written is told, and is no success', async () => {
  const nowhere = openSync('/dev/full', 'w')
  const child = start(['runs', '--json'], nowhere, 'pipe')
  let printed = ''
  child.stderr?.on('data', (chunk) => {
    printed += String(chunk)
  })
  expect(await statusOf(child)).toBe(1)
  closeSync(nowhere)
  expect(printed).toContain('error SLUICE-FILES-01: Standard output cannot be used (ENOSPC).')
  expect(printed).toContain('Free space there.')
})

test('a run whose readers went away is applied, and ends well', async () => {
  const before = await runs()
  const child = start(['sync', '--mode', 'complete'], 'pipe', 'pipe')
  child.stdout?.destroy()
  child.stderr?.destroy()
  expect(await statusOf(child)).toBe(0)
  expect(await runs()).toBe(before + 1)
})

test.runIf(full)('a server whose log disk is full goes on, and ends when it is asked to', async () => {
  const port = await freePort()
  const nowhere = openSync('/dev/full', 'w')
  const child = start(['server', '--port', String(port), '--log-level', 'debug'], 'pipe', nowhere)
  closeSync(nowhere)
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    return answer?.status
  }
  while ((await health()) !== 200) {
    expect(child.exitCode).toBe(null)
    await sleep(50)
  }
  expect(await health()).toBe(200)
  child.kill('SIGTERM')
  expect(await statusOf(child)).toBe(0)
})

test.runIf(full)('an agent whose log disk is full does its jobs', async () => {
  const path = join(folder, 'sluice.yaml')
  writeFileSync(
    path,
    `${readFileSync(path, 'utf8')}\njobs:\n  often: {schedule: "* * * * * *", steps: [{sync: hr}]}\n`,
  )
  const before = await runs()
  const nowhere = openSync('/dev/full', 'w')
  const child = start(['agent', '--log-level', 'debug'], 'pipe', nowhere)
  closeSync(nowhere)
  while ((await runs()) < before + 2) {
    expect(child.exitCode).toBe(null)
    await sleep(100)
  }
  child.kill('SIGTERM')
  expect(await statusOf(child)).toBe(0)
})
