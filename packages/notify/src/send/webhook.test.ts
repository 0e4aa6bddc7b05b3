/**
 * Webhooks, posted to a real HTTP server.
 */
import { createHmac } from 'node:crypto'
import { type WebhookAddress, webhookDocumentSchema } from '@sluice/model'
import { expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { openHttpReceiver } from '../../test/http-receiver.ts'
import { heldMessage } from '../../test/message.ts'
import { sendMessage } from './send-message.ts'

const secret = `whsec_${Buffer.from('a key of twenty-four bytes, and more').toString('base64')}`

function webhook(url: string, more: Partial<WebhookAddress> = {}): { readonly address: WebhookAddress } {
  return {
    address: {
      kind: 'webhook',
      url: { kind: 'known', text: url },
      secret: { kind: 'known', text: secret },
      ...more,
    },
  }
}

/** As a receiver does, by the words of Standard Webhooks. */
function verified(headers: Readonly<Record<string, unknown>>, body: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const expected = createHmac('sha256', key).update(content).digest('base64')
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`)
}

test('a webhook gets a document of the published schema, signed as Standard Webhooks says', async () => {
  await using receiver = await openHttpReceiver()
  const before = Math.floor(Date.now() / 1000)
  expect(await sendMessage(webhook(receiver.url), heldMessage)).toEqual({ kind: 'taken' })
  const [request] = receiver.requests
  if (request === undefined) throw new Error('Nothing came.')
  const { headers, body, path } = request
  expect(path).toBe('/hook')
  expect(headers['content-type']).toBe('application/json; charset=utf-8')
  expect(headers['webhook-id']).toBe(heldMessage.id)
  expect(Number(headers['webhook-timestamp'])).toBeGreaterThanOrEqual(before)
  expect(verified(headers, body)).toBe(true)
  expect(verified(headers, body.replace('hr', 'ad'))).toBe(false)
  expect(webhookDocumentSchema.parse(JSON.parse(body))).toMatchObject({
    type: 'run.held',
    timestamp: heldMessage.at,
    data: { format: 1, id: heldMessage.id, repetitions: 2, source: 'hr', run: { run: 12, state: 'held' } },
  })
})

test('a repetition has the same id, and a signature of its own time', async () => {
  await using receiver = await openHttpReceiver()
  receiver.answer(503)
  await sendMessage(webhook(receiver.url), heldMessage)
  await sendMessage(webhook(receiver.url), heldMessage)
  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
    heldMessage.id,
    heldMessage.id,
  ])
  expect(receiver.requests.every(({ headers, body }) => verified(headers, body))).toBe(true)
})

test.each([200, 201, 202, 204, 299])('an answer of %i is taken', async (status) => {
  await using receiver = await openHttpReceiver()
  receiver.answer(status)
  expect(await sendMessage(webhook(receiver.url), heldMessage)).toEqual({ kind: 'taken' })
})

test.each([400, 404, 410, 429, 500, 503])('an answer of %i is not, and is told', async (status) => {
  await using receiver = await openHttpReceiver()
  receiver.answer(status)
  expect(await sendMessage(webhook(receiver.url), heldMessage)).toMatchObject({
    kind: 'refused',
    problem: expect.stringMatching(new RegExp(`^127.0.0.1:\\d+ answered with status ${status}\\.$`)),
  })
})

test('a redirect is not followed, wherever it leads', async () => {
  await using elsewhere = await openHttpReceiver()
  await using receiver = await openHttpReceiver()
  for (const status of [301, 302, 303, 307, 308]) {
    receiver.answer({ status, headers: { location: elsewhere.url } })
    expect(await sendMessage(webhook(receiver.url), heldMessage)).toMatchObject({
      kind: 'refused',
      problem: expect.stringContaining('a redirect, which is not followed'),
    })
  }
  expect(elsewhere.requests).toEqual([])
})

test('what the receiver wants us to wait is understood in seconds and as a time', async () => {
  await using receiver = await openHttpReceiver()
  receiver.answer({ status: 503, headers: { 'retry-after': '120' } })
  expect(await sendMessage(webhook(receiver.url), heldMessage)).toMatchObject({ retryAfter: 120_000 })
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString()
  receiver.answer({ status: 429, headers: { 'retry-after': inAnHour } })
  const attempt = await sendMessage(webhook(receiver.url), heldMessage)
  const retryAfter = attempt.kind === 'refused' ? (attempt.retryAfter ?? 0) : 0
  expect(Math.abs(retryAfter - 3_600_000)).toBeLessThan(60_000)
})

test('a connection that is closed, and one that nobody takes, are told with the host', async () => {
  const receiver = await openHttpReceiver()
  receiver.answer('close')
  const host = expect.stringMatching(/^127\.0\.0\.1:\d+: /)
  expect(await sendMessage(webhook(receiver.url), heldMessage)).toEqual({ kind: 'refused', problem: host })
  await receiver[Symbol.asyncDispose]()
  expect(await sendMessage(webhook(receiver.url), heldMessage)).toMatchObject({
    problem: expect.stringContaining('ECONNREFUSED'),
  })
})

test('a receiver that says nothing is left when the attempt is ended', async () => {
  await using receiver = await openHttpReceiver()
  receiver.answer('silence')
  const stop = new AbortController()
  const attempt = sendMessage(webhook(receiver.url), heldMessage, stop.signal)
  while (receiver.requests.length === 0) await new Promise(setImmediate)
  stop.abort()
  expect(await attempt).toMatchObject({ kind: 'refused' })
})

test('a certificate that nobody vouches for is refused in words, and taken once its authority is named', async () => {
  using certificate = makeCertificate()
  await using receiver = await openHttpReceiver(certificate)
  expect(await sendMessage(webhook(receiver.url), heldMessage)).toMatchObject({
    kind: 'refused',
    problem: expect.stringMatching(
      /^The certificate of 127\.0\.0\.1:\d+ is refused: self-signed certificate/,
    ),
  })
  expect(receiver.requests).toEqual([])
  const trusting = webhook(receiver.url, { certificateAuthority: certificate.path })
  expect(await sendMessage(trusting, heldMessage)).toEqual({ kind: 'taken' })
})

test('a secret that is missing is a reason, and no secret stands in any reason', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it is written in a configuration
  const missing = { kind: 'missing', written: '${WEBHOOK_SECRET}' } as const
  const attempts = [
    await sendMessage(webhook('http://127.0.0.1:1/token-of-slack', { secret: missing }), heldMessage),
    await sendMessage(webhook('http://127.0.0.1:1/token-of-slack'), heldMessage),
    await sendMessage(
      webhook('http://127.0.0.1:1/', { secret: { kind: 'file', path: '/nowhere/secret' } }),
      heldMessage,
    ),
    await sendMessage(
      webhook('http://127.0.0.1:1/', { secret: { kind: 'known', text: 'hunter22' } }),
      heldMessage,
    ),
  ]
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it is written in a configuration
  expect(attempts[0]).toMatchObject({ problem: expect.stringContaining('${WEBHOOK_SECRET} was not set') })
  expect(attempts[2]).toMatchObject({ problem: expect.stringContaining('/nowhere/secret') })
  expect(JSON.stringify(attempts)).not.toMatch(/token-of-slack|hunter22|whsec_[A-Za-z0-9]/)
})
