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
  /** A constraint, a trigger or a rule of the database does not let it in. */
  | 'refused'
  /** A table, a column, a function or a setting is not as Sluice left it. */
  | 'altered'
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
  refused: 'final',
  altered: 'operator',
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
  // A trigger failed, as what it runs does below.
  '09': 'refused',
  // Integrity constraints, and data that a trigger changed under the statement.
  23: 'refused',
  27: 'refused',
  // A prepared statement or a cursor that the session does not know: it is not the one that made it.
  26: 'connection',
  34: 'connection',
  // Invalid authorization: a password was changed, a role dropped.
  28: 'permission',
  // Functions in SQL and in other languages, which only triggers call here.
  '2F': 'refused',
  38: 'refused',
  39: 'refused',
  // Invalid catalog name: the database was dropped or renamed.
  '3D': 'fault',
  // Invalid schema name.
  '3F': 'altered',
  40: 'busy',
  // The condition of a view.
  44: 'refused',
  53: 'resources',
  // Program limits: too many columns, too many arguments.
  54: 'limit',
  // A table that is not published with what it would need, or a parameter that cannot be set there.
  55: 'altered',
  57: 'busy',
  58: 'fault',
  // Snapshot too old (until PostgreSQL 16).
  72: 'busy',
  // Of the server's configuration file.
  F0: 'fault',
  // Of foreign tables: somebody has put one in the place of ours.
  HV: 'altered',
  // Raised in PL/pgSQL.
  P0: 'refused',
  // Internal errors: a broken page, but also a table that was changed under a statement.
  XX: 'fault',
}

/** Codes that are otherwise than their class. */
const byCode: Readonly<Record<string, FailureKind>> = {
  // No such feature: a plan that was made before its table changed, a table that another extension has taken over.
  '0A000': 'altered',
  // A role that was dropped, or may not be taken.
  '0P000': 'permission',
  '0LP01': 'permission',
  // PL/pgSQL: no case was found; a query that gave other than one row.
  20000: 'refused',
  // Read-only transaction.
  25006: 'read-only',
  // Time limits that end the connection: idle in transaction, and of a transaction.
  '25P03': 'connection',
  '25P04': 'connection',
  // A constraint that was deferred.
  40002: 'statement',
  // Nobody knows whether it was completed.
  40003: 'connection',
  // Objects that others depend on.
  '2BP01': 'altered',
  // Insufficient privilege.
  42501: 'permission',
  // What a statement names is not there any more, is there already, or is of another kind or type.
  42701: 'altered',
  42702: 'altered',
  42703: 'altered',
  42704: 'altered',
  42710: 'altered',
  42723: 'altered',
  42725: 'altered',
  42804: 'altered',
  42809: 'altered',
  42830: 'altered',
  42883: 'altered',
  '428C9': 'altered',
  '42P01': 'altered',
  '42P06': 'altered',
  '42P07': 'altered',
  '42P10': 'altered',
  '42P16': 'altered',
  '42P17': 'altered',
  '42P22': 'altered',
  // Too many connections.
  53300: 'connection',
  // Statement too complex: `max_stack_depth` of the server.
  54001: 'resources',
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
