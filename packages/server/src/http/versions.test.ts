/**
 * Agents and servers of different versions: what each says that it speaks, and what is passed over.
 */
import { randomUUID } from 'node:crypto'
import { revision } from '@sluice/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, contentOf, createServerHarness, type ServerHarness } from '../../test/server-harness.ts'
import type { RunningServer } from '../index.ts'

let harness: ServerHarness
let server: RunningServer

beforeAll(async () => {
  harness = await createServerHarness()
  server = await harness.serve()
})
afterAll(() => harness[Symbol.asyncDispose]())

test('what the server speaks is in every answer to a caller with a token, and in no other', async () => {
  const known = await ask(server, '/api/v1/runs', { token: harness.secrets.viewer })
  expect(known.headers.get('sluice-protocol')).toBe(String(revision))
  expect(known.headers.get('sluice-version')).toMatch(/^\d/)
  const refused = await ask(server, '/api/v1/runs/9999', { token: harness.secrets.viewer })
  expect(refused.headers.get('sluice-protocol')).toBe(String(revision))
  const stranger = await ask(server, '/api/v1/runs', {})
  expect(stranger.headers.get('sluice-version')).toBeNull()
})

test('what a newer agent says beyond what the server knows is passed over', async () => {
  const token = harness.secrets.agent
  const headers = { 'content-type': 'application/json', 'sluice-protocol': '999' }
  const id = randomUUID()
  const put = (path: string, body: unknown) =>
    ask(server, `/api/v1/deliveries/${id}${path}`, {
      method: 'PUT',
      token,
      headers,
      body: JSON.stringify(body),
    })
  expect(await put('', { source: 'hr', mode: 'complete', mood: 'calm' })).toMatchObject({ status: 200 })
  const { name, bytes, manifest } = contentOf('hr', ['Ada'])
  const { length } = bytes
  expect(length).toBeGreaterThan(0)
  const sent = await ask(server, `/api/v1/deliveries/${id}/files/${name}?offset=0`, {
    method: 'PATCH',
    token,
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  })
  expect(sent).toMatchObject({ status: 200 })
  const [file] = manifest.files
  const sealed = await put('/manifest', { ...manifest, files: [{ ...file, colour: 'red' }], weather: {} })
  expect(sealed).toMatchObject({ status: 200, body: { state: 'ready' } })
})

test('people are told of what they misspell all the same', async () => {
  const { status, body } = await ask(server, '/api/v1/runs?limt=5', { token: harness.secrets.viewer })
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toContain('limt')
})
