/**
 * Manifests and announcements that no agent of ours writes.
 */
import { randomUUID } from 'node:crypto'
import { routes } from '@sluice/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../../src/index.ts'
import {
  append,
  ask,
  clientOf,
  contentOf,
  createServerHarness,
  type RawAnswer,
  type ServerHarness,
} from '../server-harness.ts'

let harness: ServerHarness
let server: RunningServer

beforeAll(async () => {
  harness = await createServerHarness()
  server = await harness.serve()
})
afterAll(() => harness[Symbol.asyncDispose]())

const { name, bytes, manifest } = contentOf('hr', ['ada', 'grace'])
const [file] = manifest.files
const declared = { name, size: bytes.length, sha256: '0'.repeat(64) }

async function announced(): Promise<string> {
  const id = randomUUID()
  const client = clientOf(server, harness.secrets.agent)
  await client.call(routes.announce, { params: { delivery: id }, body: { source: 'hr', mode: 'complete' } })
  return id
}

async function put(path: string, body: unknown): Promise<RawAnswer> {
  const headers = { 'content-type': 'application/json' }
  const token = harness.secrets.agent
  return await ask(server, `/api/v1${path}`, { method: 'PUT', token, body: JSON.stringify(body), headers })
}

test.each([
  ['files of a manifest', 'manifest', { ...manifest, files: Array(300_000).fill({}) }, 'files'],
  [
    'changed files',
    'manifest',
    { ...manifest, since: { base: '', files: Array(300_000).fill({}) } },
    'since.files',
  ],
  ['notes', 'manifest', { ...manifest, notes: Array(300_000).fill('') }, 'notes'],
  [
    'columns',
    'manifest',
    { ...manifest, files: [{ ...file, columns: Array(1700).fill('x') }] },
    'files.0.columns',
  ],
  ['announced files', '', { source: 'hr', mode: 'complete', files: Array(300_000).fill({}) }, 'files'],
])('hundreds of thousands of %s are counted, and not looked at', async (_, part, body, place) => {
  const answer = await put(`/deliveries/${await announced()}/${part}`.replace(/\/$/, ''), body)
  expect(answer).toMatchObject({ status: 400, body: { code: 'SLUICE-SERVER-04' } })
  expect(JSON.stringify(answer.body)).toMatch(
    new RegExp(`its body is wrong \\(${place.replaceAll('.', '\\.')}: must not have more than \\d+ entries`),
  )
})

test.each([
  ['a mapping twice', { files: [file, { ...file, name: 'Person.sorted.delta', kind: 'delta' }] }],
  ['rows that nobody has read', { files: [{ ...file, read: 1 }] }],
  ['rows that went nowhere', { files: [{ ...file, read: 1_000_000_000_000_000 }] }],
])('%s is refused before it becomes a report', async (_, wrong) => {
  const id = await announced()
  await append(server, harness.secrets.agent, { delivery: id, file: name }, bytes)
  expect(await put(`/deliveries/${id}/manifest`, { ...manifest, ...wrong })).toMatchObject({
    status: 422,
    body: { code: 'SLUICE-RECEIVE-23' },
  })
  // What it should have been is still taken.
  expect(await put(`/deliveries/${id}/manifest`, manifest)).toMatchObject({
    status: 200,
    body: { state: 'ready' },
  })
})

test.each([-1, 1.5, 2 ** 53, 1e300, '5', null])('a count of %j is none', async (rows) => {
  const answer = await put(`/deliveries/${await announced()}/manifest`, {
    ...manifest,
    files: [{ ...file, rows }],
  })
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('files.0.rows') } })
})

test('a mapping that the source does not have is refused when it is announced, and when it is sealed', async () => {
  const id = await announced()
  const foreign = { ...declared, name: 'Account.sorted.csv' }
  const refused = { status: 422, body: { code: 'SLUICE-RECEIVE-24', details: { mapping: 'Account' } } }
  expect(await put(`/deliveries/${id}`, { source: 'hr', mode: 'complete', files: [foreign] })).toMatchObject(
    refused,
  )
  const stated = { ...manifest, files: [{ ...file, name: 'Account.sorted.csv', mapping: 'Account' }] }
  expect(await put(`/deliveries/${id}/manifest`, stated)).toMatchObject(refused)
})

test('an id is the same delivery in capital letters', async () => {
  const id = await announced()
  const path = `/deliveries/${id.toUpperCase()}`
  expect(await put(path, { source: 'hr', mode: 'complete' })).toMatchObject({ status: 200, body: { id } })
  const { body } = await ask(server, `/api/v1${path}`, { token: harness.secrets.agent })
  expect(body).toMatchObject({ id })
})
