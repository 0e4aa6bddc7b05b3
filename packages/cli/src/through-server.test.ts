/**
 * The command line with its repository here and behind a server: the same commands, the same words.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initProject } from '@sluice/project'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

let scratch: string
let local: string
let agent: string
let opened: AsyncDisposableStack
let environment: Readonly<Record<string, string>> = {}
let laptop: Readonly<Record<string, string>> = {}

beforeEach(async () => {
  opened = new AsyncDisposableStack()
  scratch = mkdtempSync(join(tmpdir(), 'sluice-through-'))
  local = join(scratch, 'local')
  agent = join(scratch, 'agent')
  const there = join(scratch, 'there')
  opened.defer(() => rmSync(scratch, { recursive: true, force: true }))
  await initProject(local)
  cpSync(local, there, { recursive: true })
  cpSync(local, agent, { recursive: true })
  opened.use(await moveToServer(local))
  opened.use(await moveToServer(there))
  const server = opened.use(await serveFolder(there))
  environment = await server.environmentOf({ name: 'grace', role: 'admin', sources: [] })
  laptop = await server.environmentOf({ name: 'laptop', role: 'agent', sources: ['hr'] })
})
afterEach(() => opened.disposeAsync())

async function sluice(folder: string, ...args: readonly string[]) {
  const called = await callCommandLine(folder, args, { environment: folder === agent ? environment : {} })
  return { ...called, stdout: stable(called.stdout), stderr: stable(called.stderr) }
}

/** What differs from run to run and from folder to folder, and is not the point. */
function stable(text: string): string {
  return text
    .replaceAll(/^Took .*$/gm, 'Took (time)')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+Z)?/g, '(instant)')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '(id)')
    .replaceAll(/\d+(\.\d+)? m?s\b/g, '(time)')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/\/\S*\/(local|agent)\//g, '')
    .replaceAll(/\b(\w+ at the command line|token \w+)/g, '(whom)')
    .replaceAll(/by (tester|grace)/g, 'by (name)')
}

function edit(file: string, change: (text: string) => string): void {
  for (const folder of [local, agent]) {
    const path = join(folder, 'data', file)
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }
}

/** The command in both places, one after the other. */
async function inBoth(...args: readonly string[]) {
  const here = await sluice(local, ...args)
  expect(await sluice(agent, ...args)).toEqual(here)
  return here
}

test('says the same through a server as with the repository here', async () => {
  expect(await inBoth('sync')).toMatchObject({ status: 0, stdout: expect.stringContaining('Run 1 of hr') })
  edit('people.csv', (text) => text.replace('Amara Okafor', 'Amara Obi'))
  expect(await inBoth('sync', 'hr')).toMatchObject({ status: 0 })
  await inBoth('runs')
  await inBoth('runs', 'changes', '2')
  await inBoth('resources', 'Person', '--where', 'name~am', '--csv')
  await inBoth('links', 'Approver', '--limit', '3')
  await inBoth('explain', 'Person', '1001')
  await inBoth('resources', 'Persn')
  await inBoth('runs', 'show', '77')
  edit('people.csv', (text) => text.split('\n').slice(0, 5).join('\n'))
  expect(await inBoth('sync', 'hr')).toMatchObject({ status: 3 })
  await inBoth('runs', 'show', '3')
  expect(await inBoth('runs', 'approve', '3')).toMatchObject({ status: 0 })
  expect(existsSync(join(agent, 'repository'))).toBe(false)
})

test('needs no project to look and to decide, where a server is named', async () => {
  await sluice(agent, 'sync')
  const anywhere = join(scratch, 'anywhere')
  mkdirSync(anywhere)
  const look = (...args: readonly string[]) => callCommandLine(anywhere, args, { environment })
  expect(await look('runs')).toMatchObject({ status: 0, stdout: expect.stringContaining('hr') })
  expect(await look('explain', 'Person', '1001')).toMatchObject({ status: 0 })
  expect((await look('runs', 'approve', '1')).stderr).toContain('Run 1 is not held')
  expect(await look('token', 'list')).toMatchObject({ status: 0 })
  expect((await look('sync')).stderr).toContain('sluice init')
  expect((await look('runs', '--project', anywhere)).stderr).toContain('sluice init')
  expect(readdirSync(anywhere)).toEqual([])
})

test('says whose token the next steps take, where that of an agent does not do', async () => {
  const { status, stdout } = await callCommandLine(agent, ['sync', 'hr'], { environment: laptop })
  expect(status).toBe(0)
  expect(stdout).toMatch(/sluice resources Person .* needs the token of a viewer or an operator$/m)
  expect(stdout).toMatch(/sluice runs changes \d+ +what it changed$/m)
})

test('takes one stage at a time, and says where the files are and what comes next', async () => {
  edit('people.csv', (text) => text.split('\n').slice(0, 5).join('\n'))
  await inBoth('sync', 'hr')
  expect((await inBoth('export', 'hr')).stdout).toMatchInlineSnapshot(`
    "hr has no export program; its files exist: 3 files, 663 B, in data

    Next:
      sluice prepare hr  cleanse, sort and compare them
    "
  `)
  expect((await inBoth('prepare', 'hr', '--mode', 'complete')).stdout).toMatchInlineSnapshot(`
    "Prepared hr (complete) as delivery (id), in .sluice/outbox/hr
      rows  read  size
      Department.sorted.csv  6  6  92 B
      Person.sorted.csv  4  4  326 B
      Approver.sorted.csv  9  9  212 B

    Next:
      sluice deliver hr  deliver them
    "
  `)
  expect((await inBoth('deliver', 'hr')).stdout).toMatchInlineSnapshot(`
    "Delivered hr (complete): delivery (id)

    Next:
      sluice synchronize hr  apply it, and see what it changes
    "
  `)
  expect(await inBoth('synchronize', 'hr')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('applied, nothing had changed'),
  })
  expect(await inBoth('deliver', 'hr')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Nothing is prepared for "hr".'),
  })
})

test('the model is not carried into a repository that nobody meant', async () => {
  const refused = await sluice(agent, 'model', 'apply')
  expect(refused).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--local') })
  expect(existsSync(join(agent, 'repository'))).toBe(false)
})
