/**
 * Open tables over HTTP, as any client without the project sees them.
 */
import { gzipSync } from 'node:zlib'
import { openSynchronizer } from '@sluice/inbox'
import { openRepository, openTokenStore } from '@sluice/repository'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { ask, configurationIn } from '../../test/server-harness.ts'
import { startServer } from '../start-server.ts'

const yaml = `
repository: ./repository
entityTypes:
  Machine: { display: name, properties: { name: string, units: integer } }
sources:
  cmdb:
    table: true
    entities: { Machine: { reconciliation: { rules: [[name]] }, properties: { name: {}, units: {} } } }
  other:
    table: true
    entities: { Machine: { reconciliation: { rules: [[name]] }, properties: { name: {}, units: {} } } }
`

let opened: AsyncDisposableStack
let server = { url: '' }
const secrets = { admin: '', agent: '', viewer: '' }

beforeEach(async () => {
  opened = new AsyncDisposableStack()
  const place = opened.use(await testLocation('postgres-18'))
  const repository = opened.use(await openRepository(place.location))
  const configuration = { ...configurationIn('/', yaml), repository: place.location }
  await repository.evolve(configuration)
  const limits = { ...configuration.server.limits, deliverySize: 50_000 }
  const running = await startServer({
    configuration: { ...configuration, server: { ...configuration.server, port: 0, limits } },
    repository,
    synchronizer: openSynchronizer({ repository, configuration }),
    log: pino({ level: 'silent' }),
    version: '0.0.0',
  })
  opened.defer(() => running.stop().then(() => undefined))
  server = running
  const tokens = openTokenStore(repository.database)
  for (const role of ['admin', 'agent', 'viewer'] as const) {
    const sources = role === 'agent' ? ['cmdb'] : []
    secrets[role] = (await tokens.create({ name: role, role, sources }, 'test', ['cmdb', 'other'])).secret
  }
})
afterEach(() => opened.disposeAsync())

const request = (path: string, init: RequestInit = {}, token = secrets.admin) =>
  ask(server, `/api/v1/sources/${path}`, { ...init, token })

/** The rows of a CSV of any length, as it is sent. */
function streamed(rows: number): ReadableStream<Uint8Array> {
  let row = -1
  return new ReadableStream({
    pull(controller) {
      const text = row === -1 ? 'key,name,units\n' : `k${row},machine ${row},${row}\n`
      controller.enqueue(new TextEncoder().encode(text))
      row += 1
      if (row === rows) controller.close()
    },
  })
}

const loaded = (rows: number) => request('cmdb/load?separator=,', { method: 'POST', body: streamed(rows) })

test('a CSV is loaded as it is streamed, and its source run', async () => {
  const { status, body } = await loaded(500)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    load: { rows: 500, inserted: 500 },
    report: { cause: 'replicas', by: { kind: 'token', name: 'admin' }, state: 'applied' },
    refusal: null,
  })
})

test('a CSV may be compressed, and may be tried first', async () => {
  await loaded(1)
  const init = {
    method: 'POST',
    body: gzipSync('key,name\nk0,renamed\n'),
    headers: { 'content-encoding': 'gzip' },
  }
  const { body } = await request('cmdb/load?separator=,&dryRun=true', init)
  expect(body).toMatchObject({
    load: { rows: 1, changed: 1 },
    report: { state: 'planned', run: null },
    changes: [{ operation: 'update' }],
  })
})

test('a bad row is answered with its line, column and key', async () => {
  const init = { method: 'POST', body: 'key,name,units\nk0,a,many\n' }
  const { status, body } = await request('cmdb/load?separator=,&file=a.csv', init)
  expect(status).toBe(422)
  expect(body).toMatchObject({
    code: 'SLUICE-LOAD-01',
    details: { reason: 'invalid_value', issues: [{ line: 2, column: 'units', key: 'k0' }] },
  })
  const lenient = await request('cmdb/load?separator=,&mode=continue&run=false', init)
  expect(lenient.body).toMatchObject({ load: { rows: 1, issues: 1 }, report: null })
})

test('a CSV that does not end is read no further than it may be', async () => {
  const { status, body } = await request('cmdb/load?separator=,', { method: 'POST', body: streamed(1e9) })
  expect([status, body]).toMatchObject([413, { code: 'SLUICE-LOAD-07' }])
})

test('replicas are read page by page, behind a key', async () => {
  await loaded(500)
  const page = async (query: string) =>
    String((await request(`cmdb/replicas?${query}`)).body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).key)
  const keys = Array.from({ length: 500 }, (_, n) => `k${n}`).sort()
  const found: string[] = []
  for (let after = ''; found.length < keys.length; after = found.at(-1) ?? '')
    found.push(...(await page(`type=Machine&limit=200&status=synchronized&status=modified&after=${after}`)))
  expect(found).toEqual(keys)
})

test('tables are shown; a source that is run has to have them', async () => {
  const { body } = await request('cmdb/tables')
  expect(body).toMatchObject({
    tables: [{ entityType: 'Machine', columns: [{ name: 'primary_key' }, {}, {}] }],
  })
})

test('an agent loads its own sources and knows of no other; a viewer looks', async () => {
  const init = { method: 'POST', body: 'key,name\n1,a\n' }
  const run = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
  const status = async (path: string, init: RequestInit, token: string) =>
    (await request(path, init, token)).status
  expect(await status('cmdb/load?separator=,', init, secrets.agent)).toBe(200)
  expect(await status('other/load?separator=,', init, secrets.agent)).toBe(404)
  expect(await status('other/synchronize', run, secrets.agent)).toBe(404)
  expect(await status('cmdb/synchronize', run, secrets.agent)).toBe(403)
  expect(await status('cmdb/load?separator=,', init, secrets.viewer)).toBe(403)
  expect(await status('cmdb/synchronize', run, secrets.viewer)).toBe(403)
  expect(await status('cmdb/replicas', {}, secrets.viewer)).toBe(200)
  expect(await status('nowhere/synchronize', run, secrets.admin)).toBe(404)
})
