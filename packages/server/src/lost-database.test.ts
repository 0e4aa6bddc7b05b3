/**
 * A server whose database goes away and comes back.
 */
import { connect, createServer, type Socket } from 'node:net'
import { expect, inject, test } from 'vitest'
import { ask, createServerHarness, decided, deliver } from '../test/server-harness.ts'

interface Wire extends AsyncDisposable {
  readonly port: number
  cut(): void
  mend(): void
}

/** A way to a database server that can be cut. */
async function wireTo(host: string, port: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy()
    const far = connect(port, host)
    for (const [from, to] of [
      [socket, far],
      [far, socket],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    cut,
    mend() {
      isCut = false
    },
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('says so while its database is away, and goes on when it is back', async () => {
  const url = new URL(inject('servers')['18'] ?? '')
  await using wire = await wireTo(url.hostname, Number(url.port))
  url.port = String(wire.port)
  await using harness = await createServerHarness('postgres-18', (location) =>
    location.kind === 'postgres' ? { ...location, url: url.href } : location,
  )
  const server = await harness.serve()
  const token = harness.secrets.agent
  await decided(server, token, (await deliver(server, token, 'hr', ['ada'])).id)
  wire.cut()
  const answer = await ask(server, '/api/v1/sources', { token })
  expect(answer).toMatchObject({ status: 503, body: { code: expect.stringMatching(/^SLUICE-REPOSITORY-0/) } })
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await ask(server, '/ready')).toMatchObject({
    status: 503,
    body: { reason: expect.stringContaining('the repository does not answer') },
  })
  expect(await ask(server, '/health')).toMatchObject({ status: 200 })
  wire.mend()
  const { id } = await deliver(server, token, 'hr', ['ada', 'grace'])
  expect(await decided(server, token, id)).toMatchObject({ state: 'applied' })
  expect(harness.logged.join('')).not.toContain(`:${url.password}@`)
})
