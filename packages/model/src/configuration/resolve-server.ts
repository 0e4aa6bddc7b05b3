/**
 * How the server listens and what it lets in.
 *
 * @module
 */
import { z } from 'zod'
import { bytesOf, millisecondsOf } from './common-schema.ts'
import type { ServerSettings } from './configuration.ts'
import { findingCodes } from './finding.ts'
import { isLoopback } from './loopback.ts'
import type { SecretContext } from './resolve-secret.ts'
import { resolveSignIn } from './resolve-sign-in.ts'
import type { ServerInput } from './server-schema.ts'

const defaultHost = '127.0.0.1'
const defaultPort = 8620

interface Context extends SecretContext {
  /** Absolute path. */
  readonly workFolder: string
}

export function resolveServer(context: Context, given: ServerInput | undefined): ServerSettings {
  const input = given ?? {}
  const { file, resolvePath, workFolder } = context
  const address = resolveAddress(context, input)
  const tls = resolveTls(context, input)
  const settings: ServerSettings = {
    configured: given !== undefined,
    ...address,
    tls,
    behindProxy: input.behindProxy ?? false,
    publicUrl: resolvePublicUrl(context, input),
    inbox: input.inbox === undefined ? `${workFolder}/inbox` : resolvePath(file.path, input.inbox),
    deliveryExpiry: millisecondsOf(input.deliveryExpiry ?? '1h'),
    runsAtOnce: input.runsAtOnce ?? 2,
    parallelWorkers: input.parallelWorkers ?? 1,
    stopTimeout: millisecondsOf(input.stopTimeout ?? '15s'),
    limits: {
      deliverySize: bytesOf(input.limits?.deliverySize ?? '20GB'),
      requestsPerMinute: input.limits?.requestsPerMinute ?? 1200,
      idle: millisecondsOf(input.limits?.idle ?? '60s'),
      connections: input.limits?.connections ?? 500,
      connectionsPerAddress: input.limits?.connectionsPerAddress ?? 100,
      unsealedDeliveries: input.limits?.unsealedDeliveries ?? 100,
      inboxSize: bytesOf(input.limits?.inboxSize ?? '100GB'),
    },
    signIn: resolveSignIn(context, input.signIn),
  }
  warnOfPlainText(context, settings)
  return settings
}

interface Address {
  readonly host: string
  readonly port: number
}

function resolveAddress({ file, findings }: Context, input: ServerInput): Address {
  if (input.listen === undefined) return { host: defaultHost, port: defaultPort }
  const path = ['server', 'listen']
  const text = file.textAt(path) ?? String(input.listen)
  const address = parseAddress(text)
  if (address !== undefined) return address
  findings.add(findingCodes.wrongValue, file.placeOf(path), `"${text}" is not an address to listen on.`, {
    remedy: 'Write address and port, such as 127.0.0.1:8620 or [::]:8620, or a port alone.',
  })
  return { host: defaultHost, port: defaultPort }
}

/** `127.0.0.1:8620`, `[::]:8620`, `name:8620`, `:8620`, `8620`, or an address without a port. */
export function parseAddress(text: string): Address | undefined {
  const parts = /^(?:\[([^\]]*)\]|([^:\s]*))(?::(\d{1,5}))?$/.exec(text)
  if (parts === null) return undefined
  const [, six, name = '', port] = parts
  if (six === undefined && port === undefined && /^\d{1,5}$/.test(name)) {
    return withPort(defaultHost, name)
  }
  if (six !== undefined) return z.ipv6().safeParse(six).success ? withPort(six, port) : undefined
  if (name === '') return port === undefined ? undefined : withPort(defaultHost, port)
  const legal = /^[\d.]+$/.test(name)
    ? z.ipv4().safeParse(name).success
    : /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)
  return legal ? withPort(name, port) : undefined
}

function withPort(host: string, text: string | undefined): Address | undefined {
  const port = text === undefined ? defaultPort : Number(text)
  return port > 65_535 ? undefined : { host, port }
}

function resolveTls({ file, resolvePath, findings }: Context, { tls }: ServerInput): ServerSettings['tls'] {
  if (tls === undefined) return undefined
  const { certificate, key } = tls
  if (certificate !== undefined && key !== undefined) {
    return { certificate: resolvePath(file.path, certificate), key: resolvePath(file.path, key) }
  }
  const missing = certificate === undefined ? 'certificate' : 'key'
  const message = `"${missing}" is missing in "tls": certificate and key belong together.`
  findings.add(findingCodes.wrongValue, file.placeOf(['server', 'tls'], 'key'), message, {
    remedy: 'Write {certificate: cert.pem, key: key.pem}.',
  })
  return undefined
}

function resolvePublicUrl({ file, findings }: Context, { publicUrl }: ServerInput): string | undefined {
  if (publicUrl === undefined) return undefined
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined
  const plain = url?.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (url !== undefined && /^https?:$/.test(url.protocol) && plain) return url.href.replace(/\/$/, '')
  const message = `"${publicUrl}" is not a base address for links.`
  findings.add(findingCodes.wrongValue, file.placeOf(['server', 'publicUrl']), message, {
    remedy: 'Write for example https://sluice.example.org.',
  })
  return undefined
}

function warnOfPlainText({ file, findings }: Context, { host, tls, behindProxy }: ServerSettings): void {
  if (tls !== undefined || behindProxy || isLoopback(host)) return
  const message = `The server listens on ${host} without TLS: tokens and data are sent without encryption.`
  findings.add(findingCodes.exposed, file.placeOf(['server', 'listen']), message, {
    severity: 'warning',
    remedy: 'Give it a certificate under tls, or say behindProxy: true when a proxy in front of it has one.',
  })
}
