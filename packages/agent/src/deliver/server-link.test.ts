import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { routes } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { createServerHarness } from '../../../server/test/server-harness.ts'
import { HttpInbox } from './http-inbox.ts'
import { ServerLink } from './server-link.ts'

/** A certificate that no public authority has signed. */
function makeCertificate(folder: string) {
  const files = { certificate: join(folder, 'own.pem'), key: join(folder, 'own.key') }
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  const subject = ['-subj', '/CN=own', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:sluice.test']
  execFileSync('openssl', [...kind, ...subject, '-keyout', files.key, '-out', files.certificate], {
    stdio: 'ignore',
  })
  return files
}

test('trusts the authority that is named, and takes no other certificate for a server that is away', async () => {
  await using harness = await createServerHarness()
  const tls = makeCertificate(harness.folder)
  const { url: server } = await harness.serve({ tls }, { synchronizes: false })
  const token = harness.secrets.agent
  await using trusting = await ServerLink.open({ server, token, certificateAuthority: tls.certificate })
  expect(await trusting.client.call(routes.self, { params: {} })).toMatchObject({ name: 'the-agent' })

  await using strict = await ServerLink.open({ server, token })
  const began = performance.now()
  const inbox = new HttpInbox(strict, { compression: 'none', retryFor: 20_000 })
  await expect(inbox.chain('hr')).rejects.toMatchObject({
    code: 'SLUICE-REMOTE-01',
    message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    remedy: expect.stringContaining('agent.certificateAuthority'),
  })
  expect(performance.now() - began).toBeLessThan(5_000)
})

/** A proxy that leads everywhere to this machine; `asked` are the hosts it was asked for. */
async function openProxy(refuses = false) {
  const asked: string[] = []
  const http = createServer()
  http.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    if (refuses) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    const port = Number(request.url?.split(':')[1])
    const there = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      there.pipe(socket).pipe(there)
    })
    there.on('error', () => socket.destroy())
    socket.on('error', () => there.destroy())
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return { asked, address: `127.0.0.1:${port}`, [Symbol.dispose]: () => void http.close() }
}

test('goes through the proxy of the environment, but to this machine itself and where NO_PROXY says', async () => {
  await using harness = await createServerHarness()
  const tls = makeCertificate(harness.folder)
  const { port } = await harness.serve({ tls }, { synchronizes: false })
  using proxy = await openProxy()
  const reach = async (host: string, environment: Readonly<Record<string, string>>) => {
    const server = `https://${host}:${port}`
    const certificateAuthority = tls.certificate
    const options = { server, token: harness.secrets.agent, certificateAuthority, environment }
    await using link = await ServerLink.open(options)
    return await link.client.call(routes.self, { params: {} })
  }
  expect(await reach('sluice.test', { HTTPS_PROXY: proxy.address })).toMatchObject({ name: 'the-agent' })
  expect(await reach('127.0.0.1', { https_proxy: `http://${proxy.address}` })).toMatchObject({
    role: 'agent',
  })
  await expect(
    reach('sluice.test', { HTTPS_PROXY: proxy.address, NO_PROXY: 'other.test,.sluice.test' }),
  ).rejects.toMatchObject({ code: 'SLUICE-REMOTE-01' })
  expect(proxy.asked).toEqual([`sluice.test:${port}`])
})

test('says of a proxy that it lets nobody through, and of none that it is no address', async () => {
  using proxy = await openProxy(true)
  const open = (address: string) =>
    ServerLink.open({ server: 'https://sluice.test', environment: { HTTPS_PROXY: address } })
  await using link = await open(proxy.address)
  await expect(link.client.call(routes.self, { params: {} })).rejects.toMatchObject({
    code: 'SLUICE-REMOTE-01',
    message: expect.stringContaining('Proxy response (403)'),
  })
  await expect(open('ftp://user:secret@proxy.test')).rejects.toMatchObject({
    code: 'SLUICE-DELIVER-13',
    message: expect.not.stringContaining('secret'),
  })
})

test('says which file of an authority cannot be read', async () => {
  const options = { server: 'https://127.0.0.1:9', certificateAuthority: '/nowhere/ca.pem' }
  await expect(ServerLink.open(options)).rejects.toMatchObject({
    code: 'SLUICE-DELIVER-08',
    message: expect.stringContaining('/nowhere/ca.pem'),
  })
})

test.each([
  ['a token with the sentence before it', { token: 'Token x is made.\nslc_x' }, 'SLUICE-DELIVER-11'],
  ['an empty token file', { token: '' }, 'SLUICE-DELIVER-11'],
  ['an address without its scheme', { server: 'localhost:8620' }, 'SLUICE-DELIVER-12'],
  ['an address of another kind', { server: 'ftp://localhost' }, 'SLUICE-DELIVER-12'],
])('does not take %s for a server that is away', async (_, wrong, code) => {
  await expect(ServerLink.open({ server: 'http://127.0.0.1:9', ...wrong })).rejects.toMatchObject({ code })
})

test('tells a proxy that is not there from a server that is not there', async () => {
  const { address } = await openProxy().then((proxy) => {
    proxy[Symbol.dispose]()
    return proxy
  })
  const refusal = async (environment: Readonly<Record<string, string>>) => {
    await using link = await ServerLink.open({ server: 'https://sluice.invalid', environment })
    return await link.client.call(routes.self, { params: {} }).catch((error: unknown) => error)
  }
  expect(await refusal({ HTTPS_PROXY: address })).toMatchObject({
    message: `No server answers at https://sluice.invalid (ECONNREFUSED at ${address}).`,
    remedy: `Check the proxy at ${address}, which HTTPS_PROXY or HTTP_PROXY names.`,
  })
  expect(await refusal({ HTTPS_PROXY: 'proxy.invalid:3128' })).toMatchObject({
    message: expect.stringMatching(/\((ENOTFOUND|EAI_AGAIN) at proxy\.invalid\)/),
  })
  expect(await refusal({})).toMatchObject({
    message: expect.stringMatching(/\((ENOTFOUND|EAI_AGAIN)\)/),
  })
})
