/**
 * Lists of any length: read from the repository as far as somebody reads the answer, and no further.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { openSynchronizer } from '@sluice/inbox'
import { openRepository } from '@sluice/repository'
import pino from 'pino'
import { expect, test } from 'vitest'
import { ask, createServerHarness } from '../../test/server-harness.ts'
import { type RunningServer, startServer } from '../start-server.ts'

const path = '/api/v1/resources/Account'
const rows = 20_000
/** More than there are connections for readers. */
const readers = 24

const filling = `insert into account (resource_id, number, name, _created_run, _changed_run)
  select nextval('sluice_resource_id'), n::text, repeat('x', 1000), 1, 1 from generate_series(1, ${rows}) n`

/** A server over many accounts, and how many pages of them it has read. */
async function serveAccounts() {
  const harness = await createServerHarness()
  await harness.repository.database.session((session) => session.execute(filling))
  let pages = 0
  const onStatement = ({ text }: { readonly text: string }) => {
    if (text.includes('read/resources Account')) pages += 1
  }
  const repository = await openRepository(harness.configuration.repository, { onStatement })
  const configuration = { ...harness.configuration, server: { ...harness.configuration.server, port: 0 } }
  const server = await startServer({
    configuration,
    repository,
    synchronizer: openSynchronizer({ repository, configuration }),
    log: pino({ level: 'silent' }),
    version: '0.0.0',
  })
  return {
    server,
    token: harness.secrets.viewer,
    pages: () => pages,
    async [Symbol.asyncDispose]() {
      await server.stop()
      await repository[Symbol.asyncDispose]()
      await harness[Symbol.asyncDispose]()
    },
  }
}

/** Has read the beginning of the answer, and reads no further. */
async function stoppedReader(server: RunningServer, token: string): Promise<Socket> {
  const socket = connect(server.port, server.host)
  socket.on('error', () => undefined)
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${token}\r\n\r\n`,
  )
  await once(socket, 'readable')
  return socket
}

/** Once nothing has been added for a while. */
async function settled(count: () => number): Promise<number> {
  let before = -1
  await expect
    .poll(
      () => {
        const same = count() === before
        before = count()
        return same
      },
      { interval: 500, timeout: 20_000 },
    )
    .toBe(true)
  return before
}

test('who stops reading stops the list, and takes no connection from the others', async () => {
  await using served = await serveAccounts()
  const { server, token, pages } = served
  const whole = await ask(server, path, { token })
  expect(String(whole.body).split('\n').length - 1).toBe(rows)
  const ofOne = pages()
  expect(ofOne).toBeGreaterThan(15)

  const sockets = await Promise.all(Array.from({ length: readers }, () => stoppedReader(server, token)))
  const read = (await settled(pages)) - ofOne
  expect(read).toBeLessThan((readers * ofOne) / 2)
  expect(await ask(server, `${path}?limit=1`, { token })).toMatchObject({ status: 200 })

  // Who goes on reading gets all the rest.
  const [one, ...others] = sockets
  let lines = 0
  one?.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) lines += 1
  })
  if (one !== undefined) await once(one, 'end')
  expect(lines).toBeGreaterThan(rows)

  // Who leaves is read for no more.
  const before = pages()
  for (const socket of others) socket.destroy()
  expect((await settled(pages)) - before).toBeLessThan(readers)
})
