/**
 * E-mails, sent to a real SMTP server.
 */
import type { EmailAddress } from '@sluice/model'
import { expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { heldMessage } from '../../test/message.ts'
import { openSmtpReceiver } from '../../test/smtp-receiver.ts'
import { composeEmail } from './compose-email.ts'
import { sendMessage } from './send-message.ts'

function email(port: number, more: Partial<EmailAddress> = {}): { readonly address: EmailAddress } {
  const from = 'Sluice <sluice@example.org>'
  return {
    address: { kind: 'email', host: '127.0.0.1', port, tls: 'none', from, to: ['ops@example.org'], ...more },
  }
}

test('an e-mail says in its subject which source, what happened and how much, in text and as a page', async () => {
  await using receiver = await openSmtpReceiver()
  const to = ['ops@example.org', 'Ada <ada@example.org>']
  expect(await sendMessage(email(receiver.port, { to }), heldMessage)).toEqual({ kind: 'taken' })
  const [mail] = receiver.mails
  expect(mail).toMatchObject({ from: 'sluice@example.org', to: ['ops@example.org', 'ada@example.org'] })
  expect(mail?.raw).toContain('Subject: [Sluice] hr: run 12 is held (1 inserted, 5 deleted)')
  expect(mail?.raw).toContain(`Message-ID: <${heldMessage.id}@sluice>`)
  expect(mail?.raw).toContain('Auto-Submitted: auto-generated')
  expect(mail?.raw).toContain('Content-Type: text/plain')
  expect(mail?.raw).toContain('Content-Type: text/html')
})

test('its text says who answers for the source, what holds the run, and what to do', () => {
  const { text } = composeEmail(heldMessage)
  expect(text).toBe(`hr: run 12 is held (1 inserted, 5 deleted)

source      hr
owner       HR <hr@example.org>
when        2026-11-28 02:30:00 UTC
run         12, complete, held
by          nightly
resources   1 inserted, 0 updated, 5 deleted
links       0 inserted, 0 updated, 0 deleted
threshold   Person: 5 of 10 deleted, at most 1
again       happened 2 more times since the last notification
look at it  https://sluice.example.org/api/v1/runs/12

sluice runs show 12, then sluice runs approve 12 or sluice runs reject 12
`)
})

test('nothing that a source brings becomes a tag of the page, or a header', async () => {
  const subject = 'hr: <script>alert("&")</script>\r\nBcc: eve@example.org'
  const evil = { ...heldMessage, content: { ...heldMessage.content, subject } }
  expect(composeEmail(evil).html).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;')
  expect(composeEmail(evil).html).not.toContain('<script>')
  await using receiver = await openSmtpReceiver()
  await sendMessage(email(receiver.port), evil)
  expect(receiver.mails[0]?.to).toEqual(['ops@example.org'])
  expect(receiver.mails[0]?.raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m)
})

test('user and password are said once the connection is encrypted', async () => {
  using certificate = makeCertificate()
  await using receiver = await openSmtpReceiver({
    ...certificate,
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right'
        ? done(null, { user: username ?? '' })
        : done(new Error('Invalid login for hunter22')),
  })
  const trusting = { tls: 'starttls', certificateAuthority: certificate.path, user: 'sluice' } as const
  const right = { ...trusting, password: { kind: 'known', text: 'right' } } as const
  expect(await sendMessage(email(receiver.port, right), heldMessage)).toEqual({ kind: 'taken' })
  expect(receiver.mails).toMatchObject([{ encrypted: true, user: 'sluice' }])
  const wrong = { ...trusting, password: { kind: 'known', text: 'hunter22' } } as const
  const refused = await sendMessage(email(receiver.port, wrong), heldMessage)
  expect(refused).toMatchObject({ kind: 'refused', problem: expect.stringContaining('Invalid login') })
  // A server may repeat what it was told.
  expect(refused.problem).not.toContain('hunter22')
  expect(refused.problem).toContain('***')
})

test('a server that cannot encrypt is told nothing', async () => {
  await using receiver = await openSmtpReceiver()
  const attempt = await sendMessage(email(receiver.port, { tls: 'starttls' }), heldMessage)
  expect(attempt).toMatchObject({ kind: 'refused', problem: expect.stringMatching(/STARTTLS/i) })
  expect(receiver.mails).toEqual([])
})

test.each(['starttls', 'implicit'] as const)(
  'with %s, a certificate that nobody vouches for is refused in words',
  async (tls) => {
    using certificate = makeCertificate()
    await using receiver = await openSmtpReceiver({ ...certificate, secure: tls === 'implicit' })
    expect(await sendMessage(email(receiver.port, { tls }), heldMessage)).toMatchObject({
      kind: 'refused',
      problem: expect.stringMatching(
        /^The certificate of 127\.0\.0\.1:\d+ is refused: self-signed certificate/,
      ),
    })
    expect(receiver.mails).toEqual([])
    const certificateAuthority = certificate.path
    expect(await sendMessage(email(receiver.port, { tls, certificateAuthority }), heldMessage)).toEqual({
      kind: 'taken',
    })
  },
)

test('where one of several addresses is not taken, it is sent to the others, and told', async () => {
  await using receiver = await openSmtpReceiver({
    onRcptTo: ({ address }, _session, done) =>
      address === 'gone@example.org' ? done(new Error('No such mailbox')) : done(),
  })
  const to = ['ops@example.org', 'gone@example.org']
  expect(await sendMessage(email(receiver.port, { to }), heldMessage)).toMatchObject({
    kind: 'taken',
    problem: '127.0.0.1 does not accept e-mail for gone@example.org.',
  })
  expect(receiver.mails).toHaveLength(1)
})

test('a server that is away is told with its address', async () => {
  const receiver = await openSmtpReceiver()
  await receiver[Symbol.asyncDispose]()
  expect(await sendMessage(email(receiver.port), heldMessage)).toMatchObject({
    kind: 'refused',
    problem: expect.stringMatching(/^127\.0\.0\.1:\d+: .*ECONNREFUSED/),
  })
})
