/**
 * A connection to PostgreSQL, with values as texts that are the same whatever the server's settings are.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { millisecondsOf } from '@sluice/model'
import pg from 'pg'
import type { ConnectorContext } from '../contract/connector.ts'
import { failureOf } from './failures.ts'
import type { PostgresqlOptions } from './options.ts'

const settings = `set datestyle = 'ISO, YMD'; set timezone = 'UTC'; set intervalstyle = 'iso_8601'; set bytea_output = 'hex';
  set extra_float_digits = 3; set client_encoding = 'UTF8'; set standard_conforming_strings = on`

export interface PostgresqlConnection {
  readonly client: pg.Client
  /** Host, port and database. */
  readonly place: string
  readonly close: () => Promise<void>
}

/** It is gone as soon as the export shall end. */
export async function connectPostgresql(
  { url, password, certificateAuthority, connectWithin = '30s' }: PostgresqlOptions,
  context: ConnectorContext,
): Promise<PostgresqlConnection> {
  const address = new URL(url)
  const { hostname, port, pathname } = address
  // Beside an address without one it would not be heeded.
  if (password !== undefined) address.password = await context.secret(password)
  const place = `${hostname || 'localhost'}:${port || 5432}${pathname}`
  const socket = new Socket()
  const client = new pg.Client({
    connectionString: address.href,
    ...(certificateAuthority === undefined
      ? {}
      : { ssl: { ca: await readFile(context.resolvePath(certificateAuthority), 'utf8') } }),
    connectionTimeoutMillis: millisecondsOf(connectWithin),
    application_name: `sluice ${context.source}`,
    stream: () => socket,
    types: { getTypeParser: () => (text: string) => text },
  })
  // What breaks while nothing is asked shows with the next statement.
  client.on('error', () => undefined)
  const leave = () => void socket.destroy()
  context.signal.addEventListener('abort', leave, { once: true })
  const close = async () => {
    context.signal.removeEventListener('abort', leave)
    // It has nothing to say any more that anybody would wait for.
    if (!socket.destroyed) await client.end().catch(() => undefined)
  }
  try {
    await client.connect()
    await client.query(settings)
    return { client, place, close }
  } catch (error) {
    await close()
    throw failureOf(place, error)
  }
}
