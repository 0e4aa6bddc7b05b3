/**
 * Managed systems that a server cannot reach, through the agents that can: a server and an agent in processes of their own, and somebody at a desk.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunBy } from '@sluice/model'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { openThreePlaces, type ThreePlaces } from '../test/three-places.ts'

const common = `
entityTypes:
  Person: {display: name, properties: {no: string, name: string}}
  Account: {properties: {no: string, name: string}}
  Seat: {properties: {no: string, name: string}}
sources:
  shop:
    export: {connector: sqlite, file: shop.db, tables: {people: {}}}
    entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}
  slow:
    export: {command: [node, wait.js]}
    entities: {Account: {file: people.csv, key: no, properties: {no: no, name: name}}}
  far:
    folder: far
    entities: {Seat: {file: seats.csv, key: no, properties: {no: no, name: name}}}
`
/** Until there is a file \`go\`. */
const wait = `
const { existsSync, writeFileSync } = require('fs')
setInterval(() => {
  if (!existsSync('go')) return
  writeFileSync(process.env.SLUICE_FOLDER + '/people.csv', 'no,name\\n1,Ada\\n')
  process.exit(0)
}, 50)
`

let places: ThreePlaces
let folder = ''

beforeAll(async () => {
  places = await openThreePlaces({
    name: 'reached',
    common,
    sources: ['shop', 'slow', 'far'],
    tokens: [
      ['office', 'agent', ['shop', 'slow']],
      ['ada', 'operator', []],
      ['eva', 'viewer', []],
      ['root', 'admin', []],
    ],
  })
  folder = places.folder
  writeFileSync(join(folder, 'wait.js'), wait)
  people('Ada', 'Bob', 'Cid')
})
afterEach(async () => {
  await places.killAgents()
  rmSync(join(folder, 'go'), { force: true })
})
afterAll(() => places?.[Symbol.asyncDispose]())

/** The managed system: a file of SQLite beside the agent. */
function people(...names: readonly string[]): void {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite')
  const database = new DatabaseSync(join(folder, 'shop.db'))
  database.exec('drop table if exists people; create table people (no text primary key, name text)')
  for (const [no, name] of names.entries()) database.exec(`insert into people values ('${no}', '${name}')`)
  database.close()
}

const startAgent = () => places.startAgent(() => agentsOf('shop'))

interface Agents {
  readonly agents: readonly {
    readonly agent: { readonly there: boolean; readonly askedAt: string | null }
    readonly atWork: unknown
  }[]
}

async function agentsOf(source: string): Promise<Agents['agents']> {
  const { agents }: Agents = (await ask('eva', 'GET', `/sources/${source}/agents`)).body
  return agents
}

const ask: ThreePlaces['ask'] = (...asked) => places.ask(...asked)

const as = (name: string, ...args: readonly string[]) => places.as(name, ...args)

test('a source is synchronized from a desk by the agent that delivers it, in the mode that is asked for', async () => {
  expect((await as('ada', 'source', 'start', 'shop')).stderr).toContain(
    'SLUICE-JOB-06: No agent delivers the source "shop".',
  )
  // It has no job at all, and waits for what is asked of it.
  const agent = await startAgent()
  const first = await as('ada', 'source', 'start', 'shop', '--wait')
  expect(first).toMatchObject({ status: 0, stderr: '' })
  expect(first.stdout).toMatch(/^Execution [0-9a-f-]{36} of sync\.shop: done\n {2}begun .* by token ada\n/)
  expect(first.stdout).toMatch(/^sync: done .*\n {2}shop: run 1: 3 inserted/m)
  people('Ada', 'Bob', 'Cid', 'Dora')
  const second = await as('ada', 'source', 'start', 'shop', '--mode', 'incremental', '--wait', '--json')
  expect(JSON.parse(second.stdout)).toMatchObject({ source: 'shop', state: 'done', cause: 'request' })
  expect((await as('eva', 'runs', '--json')).stdout).toMatch(/"mode": ?"incremental"/)
  expect((await as('eva', 'jobs', 'results', 'sync.shop')).stdout).toMatch(/sync\.shop +done/)
  expect((await as('eva', 'jobs')).stdout).toBe('')
  people('Ada', 'Bob', 'Cid', 'Dora', 'Eve')
  const held = await as('ada', 'source', 'start', 'shop', '--hold', '--wait')
  expect(held).toMatchObject({ status: 3, stderr: '' })
  expect(held.stdout).toMatch(/Run 3 of "shop" is held, as it was asked for\./)
  expect((await as('eva', 'runs', 'changes', '3', '--csv')).stdout).toContain('Eve')
  expect((await as('ada', 'runs', 'approve', '3')).status).toBe(0)
  people('Ada', 'Bob', 'Cid', 'Dora')

  expect((await as('eva', 'source', 'start', 'shop')).stderr).toContain('SLUICE-SERVER-02')
  // The token of the agent is not one for it, whatever its configuration has.
  expect((await as('ada', 'source', 'start', 'far')).stderr).toContain('No agent delivers the source "far".')
  expect((await as('ada', 'source', 'start', 'nowhere')).status).toBe(1)
  agent.child.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  expect(await agentsOf('shop')).toMatchObject([{ agent: { there: false } }])
  expect((await as('ada', 'source', 'start', 'shop')).stderr).toMatch(
    /SLUICE-JOB-07: .*synchronize it there by hand/s,
  )
})

test('a source at work is not started twice; stopped, nothing of it is applied', async () => {
  await startAgent()
  const [one, other] = await Promise.all([
    ask('ada', 'POST', '/sources/slow/start', {}),
    ask('root', 'POST', '/sources/slow/start', { mode: 'complete' }),
  ])
  expect(other.body.start).toBe(one.body.start)
  while ((await agentsOf('slow'))[0]?.atWork === null) await sleep(50)
  expect((await as('ada', 'source', 'start', 'slow')).stderr).toMatch(
    /SLUICE-JOB-09: The source "slow" is already running since/,
  )
  const stopped = await as('ada', 'source', 'stop', 'slow', '--wait')
  expect(stopped.stdout).toMatch(/of sync\.slow: stopped\n.*\n {2}stop +token ada asked for it at /s)
  expect((await as('ada', 'source', 'stop', 'slow')).stderr).toContain('SLUICE-JOB-10')
  writeFileSync(join(folder, 'go'), '')
  expect((await as('ada', 'source', 'start', 'slow', '--wait')).status).toBe(0)
})

/** Asked for by somebody, and what came of it. */
async function checked(who: string) {
  const { body } = await ask(who, 'POST', '/sources/shop/checks', {})
  return (await ask('eva', 'GET', `/system-checks/${body.check}?wait=60`)).body
}

test('a connection is checked by the agent, as its definition says, while it works on something else', async () => {
  await startAgent()
  await as('ada', 'source', 'start', 'slow')
  while ((await agentsOf('slow'))[0]?.atWork === null) await sleep(50)
  expect(await checked('ada')).toMatchObject({
    source: 'shop',
    state: 'answered',
    by: { kind: 'token', name: 'ada' },
    answer: { facts: { 'people.csv': '4 rows' }, warnings: [], error: null },
  })
  expect((await as('ada', 'source', 'check', 'shop', '--agent')).stdout).toMatch(/people\.csv +4 rows/)
  renameSync(join(folder, 'shop.db'), join(folder, 'gone.db'))
  expect((await as('ada', 'source', 'check', 'shop', '--agent')).stderr).toMatch(
    /SLUICE-JOB-15: The agent on .* "shop": .* \(SLUICE-CONNECT-03\)\n→ /s,
  )
  expect((await checked('root')).answer).toMatchObject({
    facts: {},
    error: { code: 'SLUICE-CONNECT-03', remedy: expect.any(String) },
  })
  renameSync(join(folder, 'gone.db'), join(folder, 'shop.db'))
  const { body } = await ask('eva', 'GET', '/sources/shop/checks')
  expect(body.checks.map(({ by }: { readonly by: RunBy }) => by.name)).toEqual(['root', 'ada', 'ada', 'ada'])
  const { body: asked } = await ask('ada', 'POST', '/sources/shop/checks', { kind: 'discover' })
  const { body: found } = await ask('eva', 'GET', `/system-checks/${asked.check}?wait=60`)
  expect(found.answer.discovered).toMatchObject({
    tables: [
      { file: 'people.csv', kind: 'entities', columns: [{ name: 'no', type: 'text' }, { name: 'name' }] },
    ],
    suggestion: expect.stringContaining('entityTypes:'),
  })
  expect((await as('root', 'audit')).stdout).toMatch(/askCheck .*sources\/shop\/checks/)
})

test('nobody makes an agent connect elsewhere, and what cannot be checked is said at once', async () => {
  const agent = await startAgent()
  expect((await ask('eva', 'POST', '/sources/shop/checks', {})).status).toBe(403)
  const elsewhere = { options: { file: '/etc/passwd' } }
  expect(await ask('root', 'POST', '/sources/shop/checks', elsewhere)).toMatchObject({ status: 400 })
  expect((await ask('ada', 'POST', '/sources/slow/checks', {})).body).toMatchObject({
    code: 'SLUICE-JOB-13',
    message: expect.stringContaining('it has no connector'),
  })
  agent.child.kill('SIGTERM')
  await agent.ended
  expect((await ask('ada', 'POST', '/sources/shop/checks', {})).body).toMatchObject({ code: 'SLUICE-JOB-07' })
  const file = join(folder, 'sluice.yaml')
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, before.replace('retryFor: 1s', 'retryFor: 1s, remoteChecks: false'))
  await startAgent()
  expect((await ask('ada', 'POST', '/sources/shop/checks', {})).body).toMatchObject({
    code: 'SLUICE-JOB-13',
    message: expect.stringContaining('agent.remoteChecks: false'),
  })
  writeFileSync(file, before)
})

test('the options of a connector are described, with what of them is a secret', async () => {
  const { body } = await ask('eva', 'GET', '/definitions/shop/connector')
  expect(body.connector).toMatchObject({
    name: 'sqlite',
    schema: {
      properties: { file: { description: 'The file of the database.' } },
      required: ['file', 'tables'],
    },
  })
  expect((await ask('eva', 'GET', '/definitions/slow/connector')).body).toEqual({ connector: null })
})

test('without a server, a source is started here', async () => {
  const alone = join(dirname(folder), 'alone')
  mkdirSync(join(alone, 'far'), { recursive: true })
  const [model] = common.split('sources:')
  const far = `sources:\n  far:${common.split('  far:')[1]}`
  writeFileSync(join(alone, 'sluice.yaml'), `repository: ./repository\n${model}${far}`)
  writeFileSync(join(alone, 'far', 'seats.csv'), 'no,name\n1,Window\n')
  const started = await callCommandLine(alone, ['source', 'start', 'far', '--mode', 'complete'])
  expect(started).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Run 1 of far (complete): applied'),
  })
})
