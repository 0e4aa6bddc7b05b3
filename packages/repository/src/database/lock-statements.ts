/**
 * The statements by which named locks are taken, shared and let go: advisory locks, which PostgreSQL lets go with the connection.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { literal } from '../sql/quote.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'

/** Advisory locks know only numbers, and are shared by all schemas of a database. */
export function lockKey(schema: string, name: string): string {
  return createHash('sha256')
    .update(`sluice ${literal(schema)} ${literal(name)}`)
    .digest()
    .readBigInt64BE()
    .toString()
}

/** The last statement of its connection while the lock is held, so `pg_stat_activity` tells which lock that is. */
export function takeLock(name: string, key: string): Statement<{ taken: boolean }> {
  return statement(
    `database/take-lock ${name}`,
    sql`select pg_try_advisory_lock(${sql.value(key)}::bigint) as taken`,
  )
}

export function shareLock(name: string, key: string): Statement {
  return statement(
    `database/share-lock ${name}`,
    sql`select pg_advisory_lock_shared(${sql.value(key)}::bigint)`,
  )
}

export function unshareLock(name: string, key: string): Statement {
  return statement(
    `database/unshare-lock ${name}`,
    sql`select pg_advisory_unlock_shared(${sql.value(key)}::bigint)`,
  )
}

export function tryLock(name: string, key: string): Statement<{ taken: boolean }> {
  return statement(
    `database/try-lock ${name}`,
    sql`select pg_try_advisory_xact_lock(${sql.value(key)}::bigint) as taken`,
  )
}

export function releaseLock(name: string, key: string): Statement<{ free: boolean }> {
  return statement(
    `database/release-lock ${name}`,
    sql`select pg_advisory_unlock(${sql.value(key)}::bigint) as free`,
  )
}

export function holdersOf(name: string, key: string): Statement {
  return statement(
    `database/find-lock ${name}`,
    sql`select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32 | objid::bigint) = ${sql.value(key)}::bigint`,
  )
}
