/**
 * Makes receivers of what people write, and checks that sources name them.
 *
 * @module
 */
import { notificationKindNames } from '../notification/notification-kinds.ts'
import {
  type EmailAddress,
  isWebhookSecret,
  type NotificationSettings,
  type Receiver,
  type TlsMode,
  type WebhookAddress,
} from '../notification/receiver.ts'
import { millisecondsOf } from './common-schema.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import { isLoopback } from './loopback.ts'
import { suggestion } from './names.ts'
import type { EmailInput, NotificationsInput, ReceiverInput, WebhookInput } from './notification-schema.ts'
import { fromEnvironment, resolveSecret, type SecretContext } from './resolve-secret.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

export interface KnownSources {
  readonly sources: ReadonlyMap<string, Definition<SourceInput>>
  /** A name that no file defines may be that of a source in the repository. */
  readonly othersMayBeStored: boolean
}

export function resolveNotifications(
  context: SecretContext,
  input: NotificationsInput = {},
  known: KnownSources,
): NotificationSettings {
  const receivers = Object.entries(input.receivers ?? {}).flatMap(([name, receiver]) => {
    checkSources(context, name, receiver, known)
    return resolveReceiver(context, name, receiver)
  })
  for (const source of known.sources.values()) checkNotify(context, source, input.receivers ?? {})
  return {
    receivers: new Map(receivers.map((receiver) => [receiver.name, receiver])),
    repeatAfter: millisecondsOf(input.repeatAfter ?? '1h'),
    giveUpAfter: millisecondsOf(input.giveUpAfter ?? '1d'),
  }
}

function pathOf(name: string): YamlPath {
  return ['notifications', 'receivers', name]
}

function resolveReceiver(context: SecretContext, name: string, input: ReceiverInput): readonly Receiver[] {
  const address = resolveAddress(context, name, input)
  if (address === undefined) return []
  return [{ name, address, kinds: input.events ?? notificationKindNames, sources: input.sources }]
}

function resolveAddress(
  context: SecretContext,
  name: string,
  { email, webhook }: ReceiverInput,
): Receiver['address'] | undefined {
  if (email !== undefined && webhook === undefined) return resolveEmail(context, name, email)
  if (webhook !== undefined && email === undefined) return resolveWebhook(context, name, webhook)
  const { file, findings } = context
  const message = `Receiver "${name}" is reached either by email or by webhook.`
  findings.add(findingCodes.wrongValue, file.placeOf(pathOf(name), 'key'), message, {
    remedy: 'Write one of the two; for both, make two receivers.',
  })
  return undefined
}

const ports: Readonly<Record<TlsMode, number>> = { starttls: 587, implicit: 465, none: 25 }

function resolveEmail(context: SecretContext, name: string, input: EmailInput): EmailAddress {
  const { file, findings, resolvePath } = context
  const path = [...pathOf(name), 'email']
  const { tls = 'starttls', certificateAuthority: authority } = input
  const host = file.textAt([...path, 'host']) ?? String(input.host)
  const user = input.user === undefined ? undefined : file.textAt([...path, 'user'])
  const password = resolveSecret(context, { path, key: 'password' })
  if ((user === undefined) !== (password === undefined)) {
    const missing = user === undefined ? 'user' : 'password'
    findings.add(findingCodes.wrongValue, file.placeOf(path, 'key'), `"${missing}" is missing in "email".`, {
      remedy: 'User and password belong together; leave both out where the SMTP server asks for neither.',
    })
  }
  if (tls === 'none' && !isLoopback(host)) {
    const message = `E-mails${password === undefined ? '' : ' and the password'} are sent to ${host} without encryption.`
    findings.add(findingCodes.exposed, file.placeOf([...path, 'tls']), message, {
      severity: 'warning',
      remedy: 'Write tls: starttls or tls: implicit.',
    })
  }
  return {
    kind: 'email',
    host,
    port: input.port ?? ports[tls],
    tls,
    user,
    password,
    certificateAuthority: authority === undefined ? undefined : resolvePath(file.path, authority),
    from: input.from,
    to: typeof input.to === 'string' ? [input.to] : input.to,
  }
}

function resolveWebhook(context: SecretContext, name: string, input: WebhookInput): WebhookAddress {
  const { file, resolvePath } = context
  const path = [...pathOf(name), 'webhook']
  const { certificateAuthority: authority } = input
  const url = fromEnvironment(context, [...path, 'url'], input.url)
  if (url.kind === 'known') checkUrl(context, [...path, 'url'], url.text)
  return {
    kind: 'webhook',
    url,
    secret: resolveSigningKey(context, path),
    certificateAuthority: authority === undefined ? undefined : resolvePath(file.path, authority),
  }
}

function resolveSigningKey(context: SecretContext, path: YamlPath): WebhookAddress['secret'] {
  const { file, findings } = context
  const secret = resolveSecret(context, {
    path,
    key: 'secret',
    problemOf: (text) =>
      isWebhookSecret(text)
        ? undefined
        : { message: 'The secret is not whsec_ followed by 24 to 64 bytes in Base64.', remedy: makeSecret },
  })
  if (secret === undefined) {
    const message = 'The webhook has no secret, so its receiver cannot verify who posts to it.'
    findings.add(findingCodes.exposed, file.placeOf(path, 'key'), message, {
      severity: 'warning',
      remedy: makeSecret,
    })
  }
  return secret
}

const makeSecret = 'Make one with: echo "whsec_$(openssl rand -base64 32)"'

/** The address may hold a secret: it is never shown. */
function checkUrl({ file, findings }: SecretContext, path: YamlPath, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    findings.add(
      findingCodes.wrongValue,
      file.placeOf(path),
      'The address of the webhook is not an HTTP URL without user and password.',
      { remedy: 'Write for example https://hooks.example.org/sluice.' },
    )
  } else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const message = `Notifications are sent to ${url.host} without encryption.`
    findings.add(findingCodes.exposed, file.placeOf(path), message, {
      severity: 'warning',
      remedy: 'Write https:// if the receiver supports it.',
    })
  }
}

function checkSources(
  { file, findings }: SecretContext,
  name: string,
  { sources: named = [] }: ReceiverInput,
  { sources, othersMayBeStored }: KnownSources,
): void {
  for (const [index, source] of named.entries()) {
    if (sources.has(source)) continue
    const place = file.placeOf([...pathOf(name), 'sources', index])
    findings.add(findingCodes.unknownName, place, `There is no source "${source}".`, {
      remedy: suggestion(source, sources.keys()),
      severity: othersMayBeStored ? 'warning' : 'error',
    })
  }
}

/** Of one source: the receivers that it names are there, and want to hear of it. */
function checkNotify(
  { findings }: SecretContext,
  source: Definition<SourceInput>,
  receivers: Readonly<Record<string, ReceiverInput>>,
): void {
  for (const [index, name] of (source.value.notify ?? []).entries()) {
    const receiver = Object.hasOwn(receivers, name) ? receivers[name] : undefined
    const place = placeIn(source, ['notify', index])
    if (receiver === undefined) {
      findings.add(findingCodes.unknownName, place, `There is no receiver "${name}".`, {
        remedy: suggestion(name, Object.keys(receivers)) ?? 'Add it under notifications: receivers.',
      })
    } else if (receiver.sources?.includes(source.name) === false) {
      const message = `Receiver "${name}" is not notified about source "${source.name}".`
      findings.add(findingCodes.wrongValue, place, message, {
        remedy: `Add ${source.name} to the sources of ${name}, or remove ${name} here.`,
      })
    }
  }
}
