/**
 * A password in a URL is shown nowhere: not in what is printed, not in a log, not in what a server answers, not in a notification. Every place that a URL
 * can stand in is tried with every way in which using it goes wrong.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { databases, testLocation } from '../../../test/databases.ts'
import { callCommandLine } from '../test/call-command-line.ts'

// Many commands, one after the other, some of which wait.
vi.setConfig({ testTimeout: 600_000 })

/** With what has to be escaped in a URL, so that it is looked for as it is written and as it is meant. */
const password = 'Tr0ub4dor%263-x'
const meant = decodeURIComponent(password)

const root = mkdtempSync(join(tmpdir(), 'sluice-no-password-'))
const places = new AsyncDisposableStack()
/** Takes connections and answers nothing that anybody understands. */
let babbling: Server
let port = 0

beforeAll(async () => {
  babbling = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => socket.end('What?\r\n\r\n'))
  })
  await new Promise<void>((resolve) => babbling.listen(0, '127.0.0.1', resolve))
  const address = babbling.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(async () => {
  babbling.close()
  await places.disposeAsync()
  rmSync(root, { recursive: true, force: true })
})

const common = `
entityTypes:
  Person: {properties: {no: string, name: string}}
sources:
  hr: {entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}}
jobs:
  nightly: {steps: [{sync: hr}]}
`

let number = 0
function projectWith(yaml: string): string {
  number += 1
  const folder = join(root, String(number))
  mkdirSync(folder)
  writeFileSync(join(folder, 'sluice.yaml'), `${yaml}\n${common}`)
  writeFileSync(join(folder, 'people.csv'), 'no,name\n1,Ada\n')
  return folder
}

/** All that the commands print, and all that lies in the folder afterwards but for what was written there. */
async function shown(
  folder: string,
  commands: readonly (readonly string[])[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const texts: string[] = []
  for (const command of commands) {
    const { stdout, stderr } = await callCommandLine(folder, [...command, '--sql', 'statements.sql'], {
      environment,
      // What waits for a server or a database has said by then what it has to say.
      signal: AbortSignal.timeout(3000),
    })
    texts.push(`$ ${command[0]}`, stdout, stderr)
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && entry.name !== 'sluice.yaml' && !path.includes('/repository/'))
      texts.push(path, readFileSync(path, 'latin1'))
  }
  return texts.join('\n')
}

function expectNoPassword(text: string): void {
  for (const secret of [password, meant, encodeURIComponent(meant)]) expect(text).not.toContain(secret)
}

const looking = [['check'], ['check', '--deep'], ['status', '--json']]
const working = [
  ['sync', 'hr', '--yes'],
  ['run', 'nightly'],
  ['jobs', 'results'],
  ['agent', '--once'],
]

/** By what goes wrong: what stands behind the password. */
const unreachable = {
  'an unknown host': () => '@nowhere.invalid:5432/sluice',
  'a refused connection': () => '@127.0.0.1:1/sluice',
  'a server that is none': () => `@127.0.0.1:${port}/sluice`,
  'no host': () => '@:99999/sluice',
  'a blank in the host': () => '@no where/sluice',
}

test.each(Object.entries(unreachable))('the URL of a repository with %s', async (_, rest) => {
  for (const more of ['', '?sslmode=verify-full', '?sslrootcert=/nowhere', '?unknown=1']) {
    const url = `postgres://sluice:${password}${rest()}${more}`
    const text = await shown(projectWith(`repository: {url: "${url}"}`), [...looking, ...working, ['server']])
    expectNoPassword(text)
  }
})

test.runIf(databases.includes('postgres-18'))(
  'the URL of a repository that is there, wrong in something else',
  async () => {
    const { location } = places.use(await testLocation('postgres-18'))
    if (location.kind !== 'postgres') throw new Error('a server')
    const there = new URL(location.url)
    for (const change of [
      (url: URL) => url.searchParams.set('sslmode', 'verify-full'),
      (url: URL) => url.searchParams.set('target_session_attrs', 'standby'),
      (url: URL) => {
        url.pathname = '/no-such-database'
      },
      (url: URL) => {
        url.username = 'nobody'
      },
      () => undefined,
    ]) {
      const url = new URL(there)
      url.password = password
      change(url)
      const yaml = `repository: {url: "${url.href}", schema: ${location.schema}}`
      expectNoPassword(await shown(projectWith(yaml), [...looking, ...working]))
    }
  },
)

test.each(Object.entries(unreachable))('the URL of a server with %s', async (_, rest) => {
  for (const scheme of ['http', 'https', 'ftp']) {
    const url = `${scheme}://agent:${password}${rest()}`
    const folder = projectWith('repository: ./repository')
    const there = [...looking, ...working, ['deliver', 'hr'], ['jobs'], ['notifications']]
    expectNoPassword(
      await shown(
        folder,
        there.map((one) => [...one, '--server', url]),
        { SLUICE_TOKEN: 'a-token' },
      ),
    )
    const configured = projectWith(`agent: {server: "${url}", token: a-token, retryFor: 1s}`)
    expectNoPassword(await shown(configured, there))
  }
})

test.each(Object.entries(unreachable))('the URL of a webhook with %s', async (_, rest) => {
  for (const scheme of ['http', 'https', 'ftp']) {
    const url = `${scheme}://hook:${password}${rest()}?token=${password}`
    const folder = projectWith(
      `repository: ./repository\nnotifications: {receivers: {ops: {webhook: {url: "${url}"}}}}`,
    )
    rmSync(join(folder, 'people.csv'))
    const commands = [
      ['check'],
      ['notifications', 'test', 'ops'],
      ['sync', 'hr', '--yes'],
      ['notifications'],
      ['notifications', '--json'],
      ['notifications', 'retry', '--all'],
      ['notifications', 'check'],
    ]
    expectNoPassword(await shown(folder, commands))
  }
})

test.each(Object.entries(unreachable))('the URL of a proxy with %s', async (_, rest) => {
  for (const scheme of ['http', 'https', 'ftp']) {
    const proxy = `${scheme}://user:${password}${rest()}`
    const folder = projectWith(
      'repository: ./repository\nnotifications: {receivers: {ops: {webhook: {url: "https://hooks.example.org/"}}}}',
    )
    const environment = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, https_proxy: proxy, http_proxy: proxy }
    const commands = [
      ['notifications', 'test', 'ops'],
      ['sync', 'hr', '--yes', '--server', 'https://sluice.example.org'],
      ['status', '--server', 'http://sluice.example.org'],
    ]
    expectNoPassword(await shown(folder, commands, { ...environment, SLUICE_TOKEN: 'a-token' }))
  }
})

test('the password of a mail server, whatever it answers', async () => {
  for (const tls of ['none', 'starttls', 'implicit']) {
    const folder = projectWith(
      `repository: ./repository
notifications:
  receivers:
    ops: {email: {host: 127.0.0.1, port: ${port}, tls: ${tls}, user: sluice, password: "${meant}", from: a@example.org, to: [b@example.org]}}`,
    )
    expectNoPassword(
      await shown(folder, [['check'], ['notifications', 'test', 'ops'], ['notifications', '--json']]),
    )
  }
})
