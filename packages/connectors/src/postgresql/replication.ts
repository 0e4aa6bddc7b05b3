/**
 * The slot of logical replication that keeps what has been changed until somebody has read it.
 *
 * What it keeps is looked at and not taken. Only when a later export brings the position up to which changes have been applied, the slot
 * moves on to it; so an export that failed, or was not delivered, finds the same changes again.
 *
 * Source: PostgreSQL 18, "Logical Decoding" and "System Administration Functions".
 *
 * @module
 */
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { connectPostgresql, type PostgresqlConnection } from './connect.ts'
import { failureOf } from './failures.ts'
import type { PostgresqlOptions } from './options.ts'
import { PgoutputReader, type Touched } from './pgoutput.ts'

const identity = `
  select a.attname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_index i on i.indrelid = c.oid and case c.relreplident when 'i' then i.indisreplident else i.indisprimary end
    cross join unnest(i.indkey) with ordinality k(number, place)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
  where n.nspname = $1 and c.relname = $2 and c.relreplident <> 'n' order by k.place`

/** A snapshot does not list those that are newer than all that are over; each holds a lock of its own number until it can be seen. */
const writing = `select transactionid from pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted`

const betweenTries = 100
const mostTries = 50

/** Messages that are fetched at once. */
const messagesAtOnce = 2000

/** What was touched by commits up to a position. */
export interface ReplicatedChanges {
  readonly touched: AsyncIterable<Touched>
  /** Up to where: what comes next time begins there. */
  readonly position: string
}

export interface ReplicationFacts {
  readonly walLevel: string
  readonly mayReplicate: boolean
  /** `undefined`: it is not there yet. Bytes that the server keeps for it. */
  readonly slot: { readonly keeps: number; readonly lost: boolean } | undefined
  /** Qualified names of the tables of the publication. */
  readonly published: ReadonlySet<string>
}

export function slotOf(
  { replication }: PostgresqlOptions,
  { source }: Pick<ConnectorContext, 'source'>,
): string {
  return replication?.slot ?? `sluice_${source.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`.slice(0, 63)
}

export async function openReplication(
  options: PostgresqlOptions,
  context: ConnectorContext,
): Promise<Replication> {
  const connection = await connectPostgresql(options, context)
  return new Replication(connection, slotOf(options, context), options.replication?.publication ?? '')
}

export class Replication {
  readonly #connection: PostgresqlConnection
  readonly #slot: string
  readonly #publication: string

  constructor(connection: PostgresqlConnection, slot: string, publication: string) {
    this.#connection = connection
    this.#slot = slot
    this.#publication = publication
  }

  async facts(): Promise<ReplicationFacts> {
    const [[level = '', mayReplicate = ''] = []] = await this.#ask(
      `select current_setting('wal_level'), coalesce(rolreplication or rolsuper, false) from pg_roles where rolname = current_user`,
    )
    const [slot] = await this.#state()
    const published = await this.#ask(
      `select schemaname || '.' || tablename from pg_publication_tables where pubname = $1`,
      [this.#publication],
    )
    return {
      walLevel: level ?? '',
      mayReplicate: mayReplicate === 't',
      slot: slot && { keeps: Number(slot.keeps ?? 0), lost: slot.status === 'lost' },
      published: new Set(published.flatMap(([name]) => name ?? [])),
    }
  }

  /**
   * What rows of each table are known by: its replica identity, which every message tells; of one whose messages tell everything, its
   * primary key. None where nothing identifies a row.
   */
  async keysOf(
    tables: readonly { readonly schema: string; readonly table: string; readonly name: string }[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const keys = new Map<string, string[]>()
    for (const { schema, table, name } of tables) {
      const rows = await this.#ask(identity, [schema, table])
      keys.set(
        name,
        rows.flatMap(([column]) => column ?? []),
      )
    }
    return keys
  }

  /** From where on changes count that are read next time; a slot is made where there is none. To be asked before the rows are read. */
  async begin(): Promise<string> {
    const [slot] = await this.#state()
    if (slot?.status === 'lost') await this.#ask('select pg_drop_replication_slot($1)', [this.#slot])
    if (slot === undefined || slot.status === 'lost') {
      const [[made] = []] = await this.#ask(
        `select lsn from pg_create_logical_replication_slot($1, 'pgoutput')`,
        [this.#slot],
      )
      return made ?? ''
    }
    return await this.#now()
  }

  /** `undefined`: what has changed since cannot be told any more. */
  async changesSince(position: string): Promise<ReplicatedChanges | undefined> {
    const [slot] = await this.#state(position)
    if (slot === undefined || slot.status === 'lost' || slot.isPast === 't') return undefined
    if (slot.active === 't')
      throw new ManagedSystemError(
        `Somebody else reads the slot "${this.#slot}" of ${this.#connection.place}.`,
        {
          remedy: 'Give each reader a slot of its own: replication.slot.',
          passing: true,
        },
      )
    if (slot.isAhead === 't')
      await this.#ask('select pg_replication_slot_advance($1, $2)', [this.#slot, position])
    const upTo = await this.#now()
    return { touched: this.#touched(upTo), position: upTo }
  }

  /**
   * Commits that are written up to now and cannot be seen yet are so for moments, or until a standby has them. Rows that are read before
   * would be as they were. Who is still at work after some seconds has not committed yet, and will do so behind the position.
   */
  async settle(signal: AbortSignal): Promise<void> {
    const atWork = async () => new Set((await this.#ask(writing)).map(([xid]) => xid))
    const before = await atWork()
    for (let tries = 0; tries < mostTries; tries++) {
      const now = await atWork()
      if (![...before].some((xid) => now.has(xid))) return
      await setTimeout(betweenTries, undefined, { signal })
    }
  }

  async *#touched(upTo: string): AsyncGenerator<Touched> {
    const reader = new PgoutputReader()
    const peek = `pg_logical_slot_peek_binary_changes(${pg.escapeLiteral(this.#slot)}, ${pg.escapeLiteral(upTo)}, null,
      'proto_version', '1', 'publication_names', ${pg.escapeLiteral(pg.escapeIdentifier(this.#publication))})`
    await this.#ask('begin read only')
    try {
      await this.#ask(`declare _changes no scroll cursor for select data from ${peek}`)
      for (;;) {
        const rows = await this.#ask(`fetch forward ${messagesAtOnce} from _changes`)
        for (const [data] of rows) yield* reader.read(Buffer.from((data ?? '').slice(2), 'hex'))
        if (rows.length < messagesAtOnce) return
      }
    } finally {
      await this.#connection.client.query('rollback').catch(() => undefined)
    }
  }

  async #now(): Promise<string> {
    const [[lsn] = []] = await this.#ask('select pg_current_wal_lsn()')
    return lsn ?? ''
  }

  async #state(position = '0/0') {
    const rows = await this.#ask(
      `select wal_status, active, $2::pg_lsn > confirmed_flush_lsn, $2::pg_lsn < confirmed_flush_lsn,
        pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint
      from pg_replication_slots where slot_name = $1 and database = current_database() and plugin = 'pgoutput'`,
      [this.#slot, position],
    )
    return rows.map(([status, active, isAhead, isPast, keeps]) => ({
      status,
      active,
      isAhead,
      isPast,
      keeps,
    }))
  }

  async #ask(text: string, values?: readonly string[]): Promise<readonly (readonly (string | null)[])[]> {
    const { client, place } = this.#connection
    try {
      const asked = {
        text,
        rowMode: 'array' as const,
        ...(values === undefined ? {} : { values: [...values] }),
      }
      return (await client.query<(string | null)[]>(asked)).rows
    } catch (error) {
      throw failureOf(place, error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close()
  }
}
