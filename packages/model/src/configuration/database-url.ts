/**
 * The URL of a PostgreSQL server, read as `psql` and every other program of PostgreSQL reads it.
 *
 * https://www.postgresql.org/docs/current/libpq-connect.html: several hosts, sockets, and parameters behind a question mark. What
 * Sluice cannot keep is refused and not passed over in silence, since most of it is about safety.
 *
 * @module
 */
import { suggestion } from './names.ts'

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

const sessionKinds = ['any', 'read-write', 'primary'] as const
/** Of several servers, which one will do: any that answers, or only one that can be written. */
type SessionKind = (typeof sessionKinds)[number]

export interface DatabaseHost {
  /** A name, an address, or the folder of a socket, which begins with a slash. */
  readonly host: string
  readonly port: number
}

/** `undefined` is what is left to the environment (`PGUSER`, `PGPASSFILE` …) or to the defaults of PostgreSQL. */
export interface DatabaseUrl {
  readonly hosts: readonly DatabaseHost[]
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  readonly sslMode: SslMode | undefined
  /** Paths of PEM files; `system` as root stands for the roots of the machine. */
  readonly sslRootCert: string | undefined
  readonly sslCert: string | undefined
  readonly sslKey: string | undefined
  readonly session: SessionKind | undefined
  /** Seconds in which a connection has to be made. */
  readonly connectTimeout: number | undefined
  readonly applicationName: string | undefined
  readonly options: string | undefined
}

/** Why a URL cannot be used, without any of its secrets. */
export interface DatabaseUrlProblem {
  readonly problem: string
  readonly remedy: string
}

/** What has no meaning here, but does no harm either. */
const passedOver = [
  'client_encoding',
  'fallback_application_name',
  'gssencmode',
  'keepalives',
  'keepalives_count',
  'keepalives_idle',
  'keepalives_interval',
  'load_balance_hosts',
  'sslcompression',
  'sslsni',
  'tcp_user_timeout',
]

const known = [
  'application_name',
  'connect_timeout',
  'dbname',
  'host',
  'options',
  'password',
  'port',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslrootcert',
  'target_session_attrs',
  'user',
]

const shape =
  /^postgres(?:ql)?:\/\/(?:(?<login>[^/?#]*)@)?(?<hosts>[^/?#]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?$/

const defaultPort = 5432

export function readDatabaseUrl(
  url: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): DatabaseUrl | DatabaseUrlProblem {
  try {
    return read(url, environment)
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message, remedy: error.remedy }
    throw error
  }
}

/** `postgresql://user@one:5432,two:5432/database`: what may be shown of it. */
export function describeDatabaseUrl({ hosts, user, database }: DatabaseUrl): string {
  const names = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
  return `postgresql://${user === undefined ? '' : `${user}@`}${names.join(',')}/${database ?? ''}`
}

class Refused extends Error {
  readonly remedy: string
  constructor(problem: string, remedy: string) {
    super(problem)
    this.remedy = remedy
  }
}

function read(url: string, environment: Readonly<Record<string, string | undefined>>): DatabaseUrl {
  const groups = shape.exec(url)?.groups
  if (groups === undefined)
    throw new Refused(
      'The repository is no PostgreSQL URL.',
      'Write postgresql://user@host/database, or the path of a folder.',
    )
  const { login = '', hosts = '', database = '', query = '' } = groups
  const colon = login.indexOf(':')
  const user = colon === -1 ? login : login.slice(0, colon)
  const password = colon === -1 ? '' : login.slice(colon + 1)
  const parameters = readParameters(query)
  const given = (name: string, variable?: string) =>
    parameters.get(name) ?? (variable === undefined ? undefined : environment[variable]) ?? ''
  const text = (name: string, variable?: string) => given(name, variable) || undefined
  return {
    hosts: readHosts(hosts, given('host', 'PGHOST'), given('port', 'PGPORT')),
    user: decode(user) || text('user'),
    password: decode(password) || text('password'),
    database: decode(database) || text('dbname'),
    sslMode: oneOf(sslModes, given('sslmode', 'PGSSLMODE'), 'sslmode'),
    sslRootCert: text('sslrootcert', 'PGSSLROOTCERT'),
    sslCert: text('sslcert', 'PGSSLCERT'),
    sslKey: text('sslkey', 'PGSSLKEY'),
    session: readSession(given('target_session_attrs', 'PGTARGETSESSIONATTRS')),
    connectTimeout: readSeconds(given('connect_timeout', 'PGCONNECT_TIMEOUT')),
    applicationName: text('application_name', 'PGAPPNAME'),
    options: text('options', 'PGOPTIONS'),
  }
}

function readParameters(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return new Map(pairs.map(readPair).filter(([name, value]) => counts(name, value)))
}

function readPair(pair: string): readonly [name: string, value: string] {
  const [name = '', ...value] = pair.split('=')
  // A plus is a plus here, as in libpq.
  return [decode(name), decode(value.join('='))]
}

/** Throws for what is not known; `false` for what makes no difference here. */
function counts(name: string, value: string): boolean {
  if (passedOver.includes(name) || (name === 'channel_binding' && value !== 'require')) return false
  if (known.includes(name)) return true
  if (name === 'ssl' || name === 'requiressl')
    throw new Refused(`"${name}" says nothing precise about TLS.`, 'Write sslmode=require or verify-full.')
  throw new Refused(
    `The URL of the repository has a parameter "${name}" that Sluice does not know.`,
    suggestion(name, known) ?? `Known: ${known.join(', ')}.`,
  )
}

/** Hosts in the place of hosts, or else as a parameter; as many ports as hosts, or one, or none. */
function readHosts(written: string, hosts: string, ports: string): readonly DatabaseHost[] {
  const portsGiven = ports.split(',').map(readPort)
  const places =
    written === ''
      ? (hosts || 'localhost').split(',').map((host) => ({ host: host || 'localhost', port: undefined }))
      : written.split(',').map(readPlace)
  if (portsGiven.length > 1 && portsGiven.length !== places.length)
    throw new Refused(
      `The URL of the repository names ${places.length} hosts and ${portsGiven.length} ports.`,
      'Name one port for all hosts, or one for each.',
    )
  return places.map(({ host, port }, at) => ({
    host,
    port: port ?? portsGiven[portsGiven.length === 1 ? 0 : at] ?? defaultPort,
  }))
}

function readPlace(text: string): { readonly host: string; readonly port: number | undefined } {
  const groups = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:]*))(?::(?<port>.*))?$/.exec(text)?.groups
  if (groups === undefined)
    throw new Refused(
      `"${text}" in the URL of the repository is no host.`,
      'An IPv6 address stands in brackets.',
    )
  return {
    host: groups['address'] ?? (decode(groups['name'] ?? '') || 'localhost'),
    port: readPort(groups['port'] ?? ''),
  }
}

function readPort(text: string): number | undefined {
  if (text === '') return undefined
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port > 0 && port < 65_536) return port
  throw new Refused(
    `"${text}" in the URL of the repository is no port.`,
    'A port is a number from 1 to 65535.',
  )
}

function readSeconds(text: string): number | undefined {
  if (text === '') return undefined
  if (/^\d{1,6}$/.test(text)) return Number(text) || undefined
  throw new Refused(`connect_timeout=${text} is no number of seconds.`, 'Write connect_timeout=10.')
}

function readSession(text: string): SessionKind | undefined {
  if (['standby', 'read-only', 'prefer-standby'].includes(text))
    throw new Refused(
      `target_session_attrs=${text} asks for a server that cannot be written.`,
      'Sluice writes: use read-write or primary.',
    )
  return oneOf(sessionKinds, text, 'target_session_attrs')
}

function oneOf<Value extends string>(
  values: readonly Value[],
  text: string,
  name: string,
): Value | undefined {
  if (text === '') return undefined
  const found = values.find((value) => value === text)
  if (found !== undefined) return found
  throw new Refused(
    `${name}=${text} in the URL of the repository is not known.`,
    suggestion(text, values) ?? `Known: ${values.join(', ')}.`,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Refused(
      'The URL of the repository has a percent sign that stands for nothing.',
      'Write %25 where a user or a password holds a percent sign.',
    )
  }
}
