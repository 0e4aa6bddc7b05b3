/**
 * What a failure that the database reports means, by its SQLSTATE: whether the same will fail again, may succeed by itself,
 * or needs somebody at the database.
 *
 * Everything that decides by an SQLSTATE asks here, so that no two places disagree. What is not final leaves a delivery
 * where it is; calling something final that passes loses one.
 *
 * @module
 */

/** What has happened. */
export type FailureKind =
  /** The statement itself: its data, its names, a defect of ours. */
  | 'statement'
  /** What it should hold is larger than PostgreSQL can. */
  | 'limit'
  /** The connection is gone, or was not given. */
  | 'connection'
  /** The work gave way: to another transaction, to a time limit, to whoever cancelled it. */
  | 'busy'
  /** No disk, no memory, or a limit that somebody set. */
  | 'resources'
  /** The user may not. */
  | 'permission'
  /** Nothing can be written there: a standby, or a database that was set to read only. */
  | 'read-only'
  /** The database's own files or memory are broken, or not there. */
  | 'fault'

export type Verdict =
  /** Fails again, whenever it is tried. */
  | 'final'
  /** Passes by itself. */
  | 'again'
  /** Passes when somebody has mended something outside of Sluice. */
  | 'operator'

export const verdictOf = {
  statement: 'final',
  limit: 'final',
  connection: 'again',
  busy: 'again',
  resources: 'operator',
  permission: 'operator',
  'read-only': 'operator',
  fault: 'operator',
} as const satisfies Record<FailureKind, Verdict>

/** The kind of a failure. A class that is not listed, such as one of an extension, is the statement's. */
export function kindOf(sqlState: string): FailureKind {
  return byCode[sqlState] ?? byClass[sqlState.slice(0, 2)] ?? 'statement'
}

/** Classes that are not the statement's. */
const byClass: Readonly<Record<string, FailureKind>> = {
  '08': 'connection',
  // Invalid authorization: a password was changed, a role dropped.
  28: 'permission',
  // Invalid catalog name: the database was dropped or renamed.
  '3D': 'fault',
  40: 'busy',
  53: 'resources',
  57: 'busy',
  58: 'fault',
  // Snapshot too old (until PostgreSQL 16).
  72: 'busy',
  // Of the server's configuration file.
  F0: 'fault',
  // Internal errors: a broken page, but also a table that was changed under a statement.
  XX: 'fault',
}

/** Codes that are otherwise than their class. */
const byCode: Readonly<Record<string, FailureKind>> = {
  // Read-only transaction.
  25006: 'read-only',
  // Time limits that end the connection: idle in transaction, and of a transaction.
  '25P03': 'connection',
  '25P04': 'connection',
  // A constraint that was deferred.
  40002: 'statement',
  // Nobody knows whether it was completed.
  40003: 'connection',
  // Insufficient privilege.
  42501: 'permission',
  // Too many connections.
  53300: 'connection',
  // Program limit exceeded, too many columns.
  54000: 'limit',
  54011: 'limit',
  // Object in use, lock not available.
  55006: 'busy',
  '55P03': 'busy',
  // The server is stopped, has crashed, cannot be reached yet, or found the session idle for too long.
  '57P01': 'connection',
  '57P02': 'connection',
  '57P03': 'connection',
  '57P05': 'connection',
  // The database was dropped.
  '57P04': 'fault',
  // Of foreign tables: no connection to where they are, no memory.
  HV00N: 'connection',
  HV001: 'resources',
}
