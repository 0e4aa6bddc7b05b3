/**
 * What every connection sets before anything else happens on it.
 *
 * Cluster, database and role may all bring defaults of their own (`alter role … set …`). Whatever a result depends on
 * is therefore set here, each with the reason; what only costs or saves time (planner, memory, logging) stays the operator's.
 *
 * @module
 */
import { identifier, literal } from '../sql/quote.ts'

export interface SessionSetting {
  readonly name: string
  readonly value: string
  /** `server_version_num` from which on there is such a setting; 150000 when absent. */
  readonly since?: number
  /** Values that do no harm and stay as they are. */
  readonly unless?: readonly string[]
}

/** Nothing in `schema` needs to exist. */
export function sessionSettings(schema: string): readonly SessionSetting[] {
  return [
    { name: 'search_path', value: identifier(schema) },
    // A run that has waited for another one has to see what that one has committed.
    { name: 'default_transaction_isolation', value: 'read committed' },
    { name: 'default_transaction_read_only', value: 'off' },
    { name: 'default_transaction_deferrable', value: 'off' },
    // A run may take hours, and the connection of a lock is idle for as long. Whoever waits for a lock sets a limit himself.
    { name: 'statement_timeout', value: '0' },
    { name: 'lock_timeout', value: '0' },
    { name: 'idle_in_transaction_session_timeout', value: '0' },
    { name: 'idle_session_timeout', value: '0' },
    { name: 'transaction_timeout', value: '0', since: 170_000 },
    // Values cross as text: see values.ts.
    { name: 'client_encoding', value: 'UTF8' },
    { name: 'datestyle', value: 'ISO, YMD' },
    { name: 'intervalstyle', value: 'postgres' },
    { name: 'timezone', value: 'UTC' },
    { name: 'bytea_output', value: 'hex' },
    { name: 'extra_float_digits', value: '1' },
    { name: 'array_nulls', value: 'on' },
    // Literals and comparisons mean what the standard says: see ../sql/quote.ts.
    { name: 'standard_conforming_strings', value: 'on' },
    { name: 'transform_null_equals', value: 'off' },
    // Rows that a policy hides would be taken for rows that are gone: an error is better.
    { name: 'row_security', value: 'off' },
    // The files of an applied delivery are deleted, so what was committed must not be lost with the server.
    { name: 'synchronous_commit', value: 'on', unless: ['local', 'remote_write', 'remote_apply'] },
    { name: 'client_min_messages', value: 'warning' },
  ]
}

/** One statement that sets them all for the session. */
export function applySettings(settings: readonly SessionSetting[]): string {
  return `select ${settings.map(assignment).join(',\n  ')}`
}

// Qualified, since whoever sets a search_path may put another function before this one.
function assignment({ name, value, since, unless }: SessionSetting): string {
  const set = `pg_catalog.set_config(${literal(name)}, ${literal(value)}, false)`
  const conditions = [
    ...(since === undefined
      ? []
      : [`pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= ${since}`]),
    ...(unless === undefined
      ? []
      : [`pg_catalog.current_setting(${literal(name)}) not in (${unless.map(literal).join(', ')})`]),
  ]
  return conditions.length === 0 ? set : `case when ${conditions.join(' and ')} then ${set} end`
}

/**
 * Begins a transaction that sees, with each statement, what others have committed by then. Said of each one, because a
 * function may change the default of a session behind our back.
 */
export const beginTransaction = 'begin isolation level read committed'
