/**
 * Somebody who answers in the server's place, and does not stop.
 */
import { expect, test } from 'vitest'
import { type FetchAnswer, openClient } from './client.ts'
import { routes } from './routes.ts'

const part = Buffer.alloc(32 << 20, 0x20)

/** Counts what is read of it. */
function endless(status: number) {
  const read = { parts: 0 }
  async function* body() {
    for (;;) {
      read.parts += 1
      yield part
    }
  }
  const headers = { get: (name: string) => (name === 'server' ? 'nginx' : null) }
  const answer: FetchAnswer = { ok: status < 300, status, headers, body: body() }
  return { read, client: openClient({ server: 'http://server', fetch: async () => answer }) }
}

test('an answer that does not end is no answer of a server', async () => {
  const { read, client } = endless(200)
  await expect(client.call(routes.self, { params: {} })).rejects.toMatchObject({
    code: 'SLUICE-REMOTE-02',
    message: expect.stringContaining('nginx'),
  })
  expect(read.parts).toBeLessThan(12)
})

test('nor is a line of one', async () => {
  const { read, client } = endless(200)
  const lines = client.lines(routes.rejectedRows, { params: { run: 1 } })[Symbol.asyncIterator]()
  await expect(lines.next()).rejects.toMatchObject({ code: 'SLUICE-REMOTE-02' })
  expect(read.parts).toBeLessThan(12)
})

test("a refusal that does not end is somebody else's, and hardly read", async () => {
  const { read, client } = endless(502)
  await expect(client.call(routes.self, { params: {} })).rejects.toMatchObject({
    code: 'SLUICE-REMOTE-03',
    retry: true,
  })
  expect(read.parts).toBe(1)
})
