/**
 * Rows of managed systems that only their agents reach, shown to somebody at a desk before anything is mapped or applied: a server and an agent in
 * processes of their own.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { PreviewAnswer } from '@sluice/project'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { openThreePlaces, type ThreePlaces } from '../test/three-places.ts'

const common = `
entityTypes:
  Person: {display: name, properties: {no: string, name: string, pin: secret}}
  Seat: {properties: {no: string, name: string, floor: integer}}
  Account: {properties: {no: string, name: string}}
sources:
  shop:
    export: {connector: sqlite, file: shop.db, tables: {people: {}}}
    entities: {Person: {file: people.csv, key: no, properties: {no: no, name: {column: name, transforms: [upper]}, pin: pin}}}
  far:
    folder: far
    entities:
      Seat: {file: seats.csv, key: no, where: row.no != "3", properties: {no: no, name: name, floor: floor}}
      Account: {file: accounts.csv, key: no, properties: {no: no, name: name}}
  slow:
    export: {command: [node, gone.js]}
    entities: {Account: {file: people.csv, key: no, properties: {no: no, name: name}}}
`
const permitted = 'retryFor: 1s, remotePreviews: true'

let places: ThreePlaces
/** What no log, no audit log and no table holds afterwards. */
const value = 'Wilhelmina-4711'

beforeAll(async () => {
  places = await openThreePlaces({
    name: 'previews',
    common,
    sources: ['shop', 'far', 'slow'],
    tokens: [
      ['office', 'agent', ['shop', 'far', 'slow']],
      ['ada', 'operator', []],
      ['olga', 'operator', []],
      ['eva', 'viewer', []],
      ['root', 'admin', []],
    ],
  })
  const { folder } = places
  const file = join(folder, 'sluice.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('retryFor: 1s', permitted))
  mkdirSync(join(folder, 'far'))
  writeFileSync(join(folder, 'far', 'seats.csv'), 'no,name,floor\n1,Window,2\n2,Door,two\n3,Wall,1\n')
  writeFileSync(join(folder, 'far', 'accounts.csv'), 'no,name\n1,ada\n')
  people()
})
afterEach(() => places.killAgents())
afterAll(() => places?.[Symbol.asyncDispose]())

function people(): void {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite')
  const database = new DatabaseSync(join(places.folder, 'shop.db'))
  database.exec('create table people (no text primary key, name text, pin text, mail text)')
  for (let no = 1; no <= 3000; no++)
    database.exec(`insert into people values ('${no}', '${value}', 'geheim', 'm${no}@example.org')`)
  database.close()
}

const startAgent = () =>
  places.startAgent(async () => (await ask('eva', 'GET', '/sources/shop/agents')).body.agents)

const ask: ThreePlaces['ask'] = (...asked) => places.ask(...asked)

/** Asked for by somebody, and what came of it. */
async function shown(who: string, path: string, body: object): Promise<PreviewAnswer> {
  const asked = await ask(who, 'POST', path, body)
  expect(asked.status, JSON.stringify(asked.body)).toBe(200)
  const { body: found } = await ask(who, 'GET', `/previews/${asked.body.preview}?wait=60`)
  expect(found.state).toBe('answered')
  return found.answer
}

const proposed = (proposal: string, who = 'root') =>
  shown(who, '/sources/shop/proposals', { proposal, rows: 2 })

const guest = (properties: string, rest = '') => `entityTypes:
  Guest: {properties: {no: string, mail: string}}
sources:
  shop:
    entities:
      Guest:
        file: people.csv
        key: no
        properties: ${properties}
${rest}`

test('an operator sees the first rows as they are and as the mapping of the agent makes them, and no secret', async () => {
  await startAgent()
  const answer = await shown('ada', '/sources/shop/previews', { rows: 2 })
  expect(answer).toMatchObject({ mapping: 'Person', findings: [], error: null })
  expect(answer.rows).toHaveLength(2)
  expect(answer.rows[0]).toMatchObject({
    file: 'people.csv',
    outcome: 'taken',
    before: [
      { name: 'no', value: '1' },
      { name: 'name', value },
      { name: 'pin', value: '***' },
    ],
    after: [
      [
        { name: 'no', value: '1' },
        { name: 'name', value: value.toUpperCase() },
        { name: 'pin', value: '***' },
      ],
    ],
  })
  expect(JSON.stringify(answer)).not.toContain('example.org')
  const seats = await shown('ada', '/sources/far/previews', { mapping: 'Seat' })
  expect(seats.rows.map(({ line, outcome }) => [line, outcome])).toEqual([
    [2, 'taken'],
    [3, 'rejected'],
    [4, 'filtered'],
  ])
  expect(seats.rows[1]?.reason).toBe('floor: not a whole number')
  expect((await shown('ada', '/sources/far/previews', {})).error).toMatchObject({ code: 'SLUICE-PROJECT-14' })
  // A program is not run so that somebody can look.
  expect((await shown('ada', '/sources/slow/previews', {})).error).toMatchObject({
    message: expect.stringContaining('people.csv'),
  })
})

test('an administrator sees what a mapping would make that is only proposed, by the connector as the agent has it', async () => {
  await startAgent()
  const answer = await proposed(guest('{no: no, mail: {column: mail, transforms: [upper]}}'))
  expect(answer.findings).toEqual([])
  expect(answer.rows.map(({ after }) => after)).toEqual(
    [1, 2].map((no) => [
      [
        { name: 'no', value: `${no}` },
        { name: 'mail', value: `M${no}@EXAMPLE.ORG` },
      ],
    ]),
  )
  const rejecting = await proposed(guest('{no: no, mail: {column: no, table: {values: {"1": one}}}}'))
  expect(rejecting.rows).toMatchObject([
    { outcome: 'taken' },
    { outcome: 'rejected', reason: expect.stringContaining('mail') },
  ])
})

test.each([
  ['a program', guest('{no: no, mail: mail}', '    export: {command: [touch, hacked]}\n'), 'export', 10],
  ['a folder', guest('{no: no, mail: mail}', '    folder: /etc\n'), 'folder', 10],
  ['another file', guest('{no: no, mail: mail}').replace('people.csv', '../office.token'), 'no file', 7],
  ['an absolute file', guest('{no: no, mail: mail}').replace('people.csv', '/etc/passwd'), 'no file', 7],
  [
    'a file of values',
    guest('{no: no, mail: {column: mail, table: {file: office.token, from: a, to: b}}}'),
    'no file of values',
    9,
  ],
  ['files that are included', `include: ["*.yaml"]\n${guest('{no: no, mail: mail}')}`, 'include', 1],
  ['commands', guest('{no: no, mail: mail}', '        commands: true\n'), 'commands', 10],
  ['a secret', guest('{no: no, mail: pin}'), 'secret', 9],
  ['a secret with blanks', guest('{no: no, mail: {columns: [" pin "], join: "-"}}'), 'secret', 9],
  ['a secret in an expression', guest('{no: no, mail: {expression: row.pin}}'), 'secret', 9],
  [
    'a secret in a filter',
    guest('{no: no, mail: mail}', '        where: row.pin.startsWith("g")\n'),
    'secret',
    10,
  ],
  ['another source', guest('{no: no, mail: mail}').replace('  shop:', '  far:'), 'far', 4],
  ['no YAML', 'sources: [', 'not valid YAML', 1],
])('a proposal may not bring %s', async (_what, proposal, message, line) => {
  await startAgent()
  const { rows, findings } = await proposed(proposal)
  expect(rows).toEqual([])
  expect(findings).toContainEqual(
    expect.objectContaining({ line, message: expect.stringContaining(message) }),
  )
  expect(JSON.stringify(findings)).not.toContain('geheim')
})

type Endless = readonly [
  what: string,
  around: (inner: string, name: string, list: string) => string,
  innermost: string,
  code: RegExp,
]

test.each([
  ['works without end', (inner, name, list) => `${list}.all(${name}, ${inner})`, 'true', /-PROJECT-18$/],
  ['fills all memory', (inner, name, list) => `${list}.map(${name}, ${inner})`, '[]', /-PROJECT-1[89]$/],
] as const satisfies readonly Endless[])(
  'a proposal that %s is stopped, and the agent goes on',
  {
    timeout: 120_000,
  },
  async (_what, around, innermost, code) => {
    const agent = await startAgent()
    const list = `[${Array.from({ length: 100 }, (_, no) => no).join(',')}]`
    const loops = ['a', 'b', 'c', 'd', 'e'].reduce((inner, name) => around(inner, name, list), innermost)
    const running = proposed(guest(`{no: no, mail: {expression: '${loops} == ${innermost} ? "" : ""'}}`))
    // Beside it, whatever else is asked of the agent is done.
    const { body } = await ask('ada', 'POST', '/sources/shop/checks', {})
    expect((await ask('ada', 'GET', `/system-checks/${body.check}?wait=15`)).body.state).toBe('answered')
    expect((await running).error).toMatchObject({ code: expect.stringMatching(code) })
    expect((await shown('ada', '/sources/shop/previews', {})).rows).not.toEqual([])
    expect(agent.child.exitCode).toBe(null)
  },
)

test('nobody sees rows who may not decide, nor proposes who is no administrator; nor is anybody given what another has asked for', async () => {
  await startAgent()
  expect((await ask('eva', 'POST', '/sources/shop/previews', {})).status).toBe(403)
  const proposal = guest('{no: no, mail: mail}')
  expect((await ask('ada', 'POST', '/sources/shop/proposals', { proposal })).status).toBe(403)
  expect((await ask('ada', 'POST', '/sources/shop/previews', { proposal })).status).toBe(400)
  expect((await ask('root', 'POST', '/sources/shop/previews', { rows: 21 })).status).toBe(400)
  expect((await ask('root', 'POST', '/sources/shop/proposals', { proposal, rows: 1000 })).status).toBe(400)
  expect(
    (await ask('root', 'POST', '/sources/shop/previews', { options: { file: '/etc/passwd' } })).status,
  ).toBe(400)
  const { body } = await ask('ada', 'POST', '/sources/shop/previews', {})
  expect((await ask('olga', 'GET', `/previews/${body.preview}`)).status).toBe(404)
  expect((await ask('eva', 'GET', `/previews/${body.preview}`)).status).toBe(403)
  expect((await ask('office', 'GET', `/previews/${body.preview}`)).status).toBe(403)
  expect((await ask('ada', 'GET', `/previews/${body.preview}?wait=60`)).body.state).toBe('answered')
  // It was read.
  expect((await ask('ada', 'GET', `/previews/${body.preview}`)).status).toBe(404)
})

test('what was shown is in no table, no log and no audit log; who has asked is', async () => {
  const agent = await startAgent()
  await shown('ada', '/sources/shop/previews', {})
  await proposed(guest(`{no: no, mail: {expression: 'row.mail + "Proposal-0815"'}}`))
  const audit = (await places.as('root', 'audit', '--json')).stdout
  expect(audit).toMatch(/"action": ?"askPreview"/)
  expect(audit).toMatch(/"action": ?"proposePreview"/)
  const logOfAgent = JSON.stringify(agent.lines())
  const stored = await places.dump()
  expect(stored).toContain('proposePreview')
  for (const text of [audit, places.logOfServer(), logOfAgent, stored])
    expect(text).not.toMatch(/Wilhelmina-4711|WILHELMINA|geheim|Proposal-0815/)
  expect(logOfAgent).toContain('rows are shown, as somebody asks for it')
})

test('the agent has the last word: without its permission, it is said which line to write', async () => {
  const file = join(places.folder, 'sluice.yaml')
  const before = readFileSync(file, 'utf8')
  const permitting = await startAgent()
  permitting.child.kill('SIGTERM')
  await permitting.ended
  expect((await ask('root', 'POST', '/sources/shop/previews', {})).body).toMatchObject({
    code: 'SLUICE-JOB-07',
  })
  writeFileSync(file, before.replace(permitted, 'retryFor: 1s'))
  const agent = await startAgent()
  expect(await ask('root', 'POST', '/sources/shop/previews', {})).toMatchObject({
    status: 409,
    body: {
      code: 'SLUICE-JOB-16',
      remedy: expect.stringContaining('Write remotePreviews: true below agent: in its sluice.yaml'),
    },
  })
  writeFileSync(file, before)
  agent.child.kill('SIGTERM')
  await agent.ended
})

test('at the command line, through the server and where the files are', async () => {
  await startAgent()
  const there = await places.as('ada', 'mapping', 'try', 'shop', '--agent', '--rows', '1')
  expect(there).toMatchObject({ status: 0, stderr: '' })
  expect(there.stdout).toBe(
    `Person\n  people.csv:2  no="1"  name="${value}"  pin="***"\n    → no="1"  name="${value.toUpperCase()}"  pin="***"\n`,
  )
  const path = join(places.folder, 'guest.yaml')
  writeFileSync(path, guest('{no: no, mail: mail}'))
  const json = await places.as('root', 'mapping', 'try', 'shop', '--agent', '--proposal', path, '--json')
  expect(JSON.parse(json.stdout)).toHaveLength(5)
  expect((await places.as('eva', 'mapping', 'try', 'shop', '--agent')).stderr).toContain('SLUICE-SERVER-02')
  expect((await places.as('ada', 'mapping', 'try', 'shop', '--agent', '--rows', '21')).stderr).toContain(
    'at most 20 rows',
  )
  const here = await callCommandLine(places.folder, [
    'mapping',
    'try',
    'shop',
    '--proposal',
    path,
    '--rows',
    '1',
  ])
  expect(here.stdout).toContain('→ no="1"  mail="m1@example.org"')
  writeFileSync(path, guest('{no: no, mail: nowhere.at}', '    folder: /etc\n'))
  const wrong = await callCommandLine(places.folder, ['mapping', 'try', 'shop', '--proposal', path])
  expect(wrong).toMatchObject({ status: 1, stdout: '' })
  expect(wrong.stderr).toMatch(/guest\.yaml:10:5: error SLUICE-SOURCE-12: "folder" cannot be proposed/)
})
