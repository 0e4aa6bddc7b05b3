/**
 * Sends a notification by e-mail: once, over a connection of its own.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { rootCertificates } from 'node:tls'
import type { EmailAddress } from '@sluice/model'
import { createTransport } from 'nodemailer'
import { composeEmail } from './compose-email.ts'
import { connectionProblem } from './connection-problem.ts'
import type { Attempt, Message } from './message.ts'
import { printableProblem } from './printable-problem.ts'
import { readAuthority, readSecret } from './read-secret.ts'

/** Throws `SecretMissingError`. `signal`: ends the attempt; `timeout`: whether that was because it took too long. */
export async function sendEmail(
  address: EmailAddress,
  message: Message,
  { signal, timeout }: { readonly signal: AbortSignal; readonly timeout: AbortSignal },
): Promise<Attempt> {
  const { host, port, user, from, to } = address
  const password = address.password === undefined ? undefined : await readSecret('password', address.password)
  const authority = await readAuthority(address.certificateAuthority)
  const transport = createTransport({
    host,
    port,
    secure: address.tls === 'implicit',
    // Never in the clear where it should not be, whatever the server says it can do.
    requireTLS: address.tls === 'starttls',
    ignoreTLS: address.tls === 'none',
    ...(authority === undefined ? {} : { tls: { ca: [...rootCertificates, authority] } }),
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const { rejected } = await transport.sendMail({
      from,
      to: [...to],
      ...composeEmail(message),
      messageId: `<${message.id}@sluice>`,
      date: new Date(message.at),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Sluice-Notification': message.id },
      signal,
    })
    if (rejected.length === 0) return { kind: 'taken' }
    // Another try would send it to the others again.
    return {
      kind: 'taken',
      problem: printableProblem(`${host} does not accept e-mail for ${rejected.join(', ')}.`, []),
    }
  } catch (error) {
    const problem = connectionProblem(`${host}:${port}`, error, timeout.aborted)
    return { kind: 'refused', problem: printableProblem(problem, spoken(user, password)) }
  } finally {
    transport.close()
  }
}

/** What is said to a server to log in, and what it could repeat. */
function spoken(user = '', password = ''): readonly string[] {
  return password === '' ? [] : [password, Buffer.from(`\0${user}\0${password}`).toString('base64')]
}
