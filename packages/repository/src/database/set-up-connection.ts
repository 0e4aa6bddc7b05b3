/**
 * What is done with each new connection before anybody uses it: the server is checked, and whatever results depend on is set.
 *
 * @module
 */
import type pg from 'pg'
import { DatabaseEncodingError, ServerTooOldError, StandbyError } from './errors.ts'
import { markBefore, markOfSession, noticePooler } from './pooler.ts'
import { applySettings, sessionSettings } from './session-settings.ts'

const oldestServer = 150_000

interface Server {
  readonly number: number
  readonly version: string
  readonly encoding: string
  readonly process: number
  readonly standby: boolean
  readonly before: string | null
}

export interface ConnectionSetUp {
  readonly schema: string
  readonly location: string
  /** A standby will not do, because another host may be the primary. */
  readonly needsPrimary: boolean
}

/** Says whether the connection goes through a pooler. */
export async function setUpConnection(
  client: pg.ClientBase,
  { schema, location, needsPrimary }: ConnectionSetUp,
): Promise<boolean> {
  const server = await aboutServer(client)
  if (needsPrimary && server.standby) throw new StandbyError(location)
  if (server.number < oldestServer) throw new ServerTooOldError(location, server.version)
  if (server.encoding !== 'UTF8') throw new DatabaseEncodingError(location, server.encoding)
  const mark = markOfSession()
  const pooled = noticePooler(client, {
    location,
    serverProcess: server.process,
    before: server.before,
    mark: mark.value,
  })
  const settings = applySettings([...sessionSettings(schema), ...noticeLostClients, mark])
  await client.query(`${settings}; ${moreMemory}`)
  return pooled
}

async function aboutServer(client: pg.ClientBase): Promise<Server> {
  const { rows } = await client.query<Server>(`
    select pg_catalog.current_setting('server_version_num')::pg_catalog.int4 as number,
      pg_catalog.current_setting('server_version') as version,
      pg_catalog.current_setting('server_encoding') as encoding,
      pg_catalog.pg_backend_pid() as process, pg_catalog.pg_is_in_recovery() as standby, ${markBefore} as before`)
  const [server] = rows
  if (server === undefined) throw new Error('The server does not say what it is.')
  return server
}

/**
 * A client that was killed, or whose machine is gone, is noticed within a minute even in the middle of a long
 * statement, so that its locks are free for another one.
 */
const noticeLostClients = [
  { name: 'tcp_keepalives_idle', value: '20' },
  { name: 'tcp_keepalives_interval', value: '10' },
  { name: 'tcp_keepalives_count', value: '3' },
]

/**
 * Joins of whole tables are our daily work: the default of 4 MB would send each of them to disk. And not every system can look for
 * a client that is gone.
 */
const moreMemory = `do $$ begin
    if pg_catalog.pg_size_bytes(pg_catalog.current_setting('work_mem')) < pg_catalog.pg_size_bytes('64MB') then
      perform pg_catalog.set_config('work_mem', '64MB', false);
    end if;
    begin
      perform pg_catalog.set_config('client_connection_check_interval', '5s', false);
    exception when others then null;
    end;
  end $$`
