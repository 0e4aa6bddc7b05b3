import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { routes } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { createWorld } from '../../../server/test/server-world.ts'
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
  const subject = ['-subj', '/CN=own', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', [...kind, ...subject, '-keyout', files.key, '-out', files.certificate], {
    stdio: 'ignore',
  })
  return files
}

test('trusts the authority that is named, and takes no other certificate for a server that is away', async () => {
  await using world = await createWorld()
  const tls = makeCertificate(world.folder)
  const { url: server } = await world.serve({ tls }, { works: false })
  const token = world.secrets.agent
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
