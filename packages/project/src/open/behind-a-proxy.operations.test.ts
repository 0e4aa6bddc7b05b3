/**
 * A real nginx between agent and server: what it says in the server's name ends nothing, and what it does not let pass
 * goes through in pieces.
 */
import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hasNginx, openNginx } from '../../../../test/nginx.ts'
import { openRemoteProjectHarness, type RemoteProjectHarness } from '../../test/remote-project-harness.ts'

/** Everything once; then what stands in `changes.csv`, which is handed out once. */
const program = `
if [ "$SLUICE_MODE" = incremental ]; then
  { echo command,no,name; cat changes.csv; } > "$SLUICE_FOLDER/people.csv"
else
  { echo no,name; cat all.csv; } > "$SLUICE_FOLDER/people.csv"
fi
: > changes.csv
`

const pass = (at: RemoteProjectHarness) => `proxy_pass ${at.url};`
const page = (status: number) => `return ${status} "<html><h1>${status}</h1></html>";`

/** Three people are there. Then commands are prepared that exist nowhere else. */
async function withCommandsUnderWay(rows = 3) {
  const at = await openRemoteProjectHarness(program)
  onTestFinished(() => at[Symbol.asyncDispose]())
  await writeFile(join(at.folder, 'all.csv'), '1,Ann\n2,Bob\n3,Cid\n')
  await writeFile(join(at.folder, 'changes.csv'), '')
  await at.project.sync('hr')
  await at.project.stages.export('hr')
  const lines = Array.from({ length: rows }, (_, row) => `add,${row + 10},${nameOf(row)}\n`)
  await writeFile(join(at.folder, 'changes.csv'), lines.join(''))
  await at.stopServer()
  await expect(at.project.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-03' })
  await at.startServer()
  return at
}

/** Of a long name that compresses badly, as far as it matters here. */
const nameOf = (row: number) => `P${row}-${((row + 1) * 2654435761 * 1e9).toString(36)}`

async function everybodyIsThere(at: RemoteProjectHarness, rows = 3): Promise<void> {
  const names = ['Ann', 'Bob', 'Cid', ...Array.from({ length: rows }, (_, row) => nameOf(row))]
  expect(await at.names()).toEqual(names.sort())
}

const waits = async (at: RemoteProjectHarness) => (await readdir(at.outbox)).includes('delivery.json')

describe.skipIf(!hasNginx)('what a proxy answers in the server’s place', () => {
  const answers: readonly (readonly [string, string, RegExp | string])[] = [
    ['a page with 403', page(403), /nginx\/.*answered instead of the server, with status 403/],
    ['a page with 404', page(404), /nginx\/.*answered instead of the server, with status 404/],
    ['a page with 400', page(400), /nginx\/.*answered instead of the server, with status 400/],
    ['a page with 409', page(409), /nginx\/.*answered instead of the server, with status 409/],
    ['a page with 422', page(422), /nginx\/.*answered instead of the server, with status 422/],
    ['a page with 502', page(502), /could not be delivered yet; they wait: .*nginx\/.* status 502/],
    ['a page with 503', page(503), /could not be delivered yet; they wait: .*nginx\/.* status 503/],
    ['a page with 504', page(504), /could not be delivered yet; they wait: .*nginx\/.* status 504/],
    ['a redirect to a login page', 'return 302 https://login.example.org/;', /on to https:\/\/login/],
    ['a page with 200', page(200), /nginx\/.*is not one of a Sluice server of this version/],
    [
      'a JSON document like that of a server',
      `default_type application/json; return 409 '{"code":"SLUICE-RECEIVE-02","message":"no"}';`,
      /status 409/,
    ],
  ]
  // Whatever it is that asks: how far the server is, an upload, the seal.
  const places = ['/', '~ /sources/', '~ /files/', '~ /manifest$', '~ "^/api/v1/deliveries/[^/]+$"']

  test.each(answers)('%s ends nothing, and is told', async (_name, answer, message) => {
    const at = await withCommandsUnderWay()
    await using nginx = await openNginx(`location / { ${pass(at)} }`)
    const project = await at.reopen(nginx.url)
    for (const place of places) {
      const others = place === '/' ? '' : `location / { ${pass(at)} }`
      await nginx.become(`${others} location ${place} { ${answer} }`)
      await expect(project.stages.deliver('hr'), place).rejects.toThrow(message)
      expect(await waits(at), place).toBe(true)
    }
    await nginx.become(`location / { ${pass(at)} }`)
    await project.sync('hr')
    await everybodyIsThere(at)
  })
})

describe.skipIf(!hasNginx)('a limit of nginx for bodies', () => {
  const rows = 70_000

  test('of 1 MB, which is its own, lets seventy thousand commands through in pieces', async () => {
    const at = await withCommandsUnderWay(rows)
    await using nginx = await openNginx(`location / { ${pass(at)} }`)
    const project = await at.reopen(nginx.url)
    await project.sync('hr')
    await everybodyIsThere(at, rows)
  })

  test('below every piece is told with its size and the proxy, and the commands wait until it is raised', async () => {
    const at = await withCommandsUnderWay(10_000)
    await using nginx = await openNginx(`client_max_body_size 2k; location / { ${pass(at)} }`)
    const project = await at.reopen(nginx.url)
    await expect(project.sync('hr')).rejects.toMatchObject({
      code: 'SLUICE-REMOTE-03',
      message: expect.stringMatching(/nginx\/[\d.]+\) takes no request as large as 65536 bytes/),
      remedy: expect.stringContaining('client_max_body_size'),
    })
    expect(await waits(at)).toBe(true)
    await nginx.become(`location / { ${pass(at)} }`)
    await project.sync('hr')
    await everybodyIsThere(at, 10_000)
  })
})

/** An answer that ends in the middle, as after a proxy that was stopped: nobody knows what the server said. */
test('an answer that is cut off is asked for again', async () => {
  const at = await withCommandsUnderWay()
  let cut = 0
  const proxy = createServer(async (incoming, outgoing) => {
    const { url = '', method = '', headers } = incoming
    const body = method === 'GET' ? {} : { body: incoming, duplex: 'half' as const }
    const { host: _host, connection: _connection, 'transfer-encoding': _encoding, ...sent } = headers
    const answer = await fetch(`${at.url}${url}`, {
      method,
      headers: sent as Record<string, string>,
      ...body,
    })
    const text = await answer.text()
    outgoing.statusCode = answer.status
    outgoing.setHeader('content-type', answer.headers.get('content-type') ?? '')
    outgoing.setHeader('connection', 'close')
    cut += 1
    outgoing.end(cut % 2 === 1 ? text.slice(0, text.length / 2) : text)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  const project = await at.reopen(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  await expect(project.sync('hr')).rejects.toThrow('its answer is cut off')
  expect(await waits(at)).toBe(true)
  await at.project.sync('hr')
  await everybodyIsThere(at)
})
