/**
 * What leans on PostgreSQL's row headers, in one place: which version of a row was seen (`xmin`), where it lies (`ctid`),
 * and which transactions are Sluice's own.
 *
 * A distributed repository, whose row headers mean nothing across its nodes, needs another form of this file and of
 * nothing else: `versionOf` and `changedSince` by value, no `placeOf`, and every row external.
 *
 * @module
 */
import { type SQL, sql, type Table } from '@sluice/repository'

/** Transactions whose row versions of a type are known: Sluice's own (`checked_by` is null), and those a source has compared. */
const knownTransactions = sql`sluice_known_transaction`

/** The version of the row `alias`; columns that keep it are called `_base_version`. */
export function versionOf(alias: SQL): SQL {
  return sql`${alias}.xmin`
}

/** Where the row `alias` lies; columns that keep it are called `_base_place`. */
export function placeOf(alias: SQL): SQL {
  return sql`${alias}.ctid`
}

/**
 * The row `alias` was written after the row `other`, by transactions that went one after the other: the age of a
 * transaction tells which came later.
 */
export function writtenAfter(alias: SQL, other: SQL): SQL {
  return sql`age(${versionOf(alias)}) < (${other})`
}

/** Query of the age of the row `alias`, for `writtenAfter`. */
export function ageOf(alias: SQL): SQL {
  return sql`age(${versionOf(alias)})`
}

/** Types of the columns that keep a version and a place. */
export const versionType = sql`xid`
export const placeType = sql`tid`

/** A version and a place of no row. */
export const noVersion = sql`null::${versionType}`
export const noPlace = sql`null::${placeType}`

/** The row `alias` is another version than the one that was seen, or is gone. */
export function changedSince(alias: SQL, version: SQL): SQL {
  return sql`${versionOf(alias)} is distinct from ${version}`
}

/**
 * The row `alias` lies where it lay when it was seen, and is found there without an index. `same` has to hold too: another
 * row may lie there by now.
 */
export function inPlace(alias: SQL, place: SQL, same: SQL): SQL {
  return sql`${placeOf(alias)} = ${place} and ${same}`
}

/** The condition under which a known transaction counts for a source. */
function knownTo(entityType: string, sourceId: number | undefined): SQL {
  const by = sourceId === undefined ? sql.blank : sql` or v.checked_by = ${sql.literal(sourceId)}`
  return sql`v.entity_type = ${sql.literal(entityType)} and (v.checked_by is null${by})`
}

/** The row version was written by Sluice, or compared by the source. */
export function isKnown(version: SQL, entityType: string, sourceId?: number): SQL {
  return sql`${version} in (select v.xid from ${knownTransactions} v where ${knownTo(entityType, sourceId)})`
}

/** Somebody else wrote the stored row `alias`, and the source has not compared it since. */
export function isExternal(alias: SQL, entityType: string, sourceId: number): SQL {
  return sql`not exists (
    select from ${knownTransactions} v where ${knownTo(entityType, sourceId)} and v.xid = ${versionOf(alias)})`
}

/** Somebody else wrote the stored row `alias`, and no source at all has compared it since. */
export function isUnseen(alias: SQL, entityType: string): SQL {
  return sql`not exists (
    select from ${knownTransactions} v where v.entity_type = ${sql.literal(entityType)} and v.xid = ${versionOf(alias)})`
}

/** Numbers that are still to come were written by a server that this repository has been moved away from. */
export const forgetFutureTransactions = sql`delete from ${knownTransactions} where age(xid) < 0`

/** Remembers the running transaction as Sluice's own. */
export function rememberOwnTransaction(entityType: string): SQL {
  // Not pg_current_xact_id() as it stands: row headers hold its lower 32 bits.
  return sql`insert into ${knownTransactions} (entity_type, xid)
    select ${sql.literal(entityType)}, t.xid from (select pg_current_xact_id()::xid as xid) t
    where not exists (select from ${knownTransactions} v where ${knownTo(entityType, undefined)} and v.xid = t.xid)`
}

/**
 * Remembers that a source has compared the rows of the type that it owns, in the versions that `versions` names
 * (_base_version); absent: it owns all. Versions that came later are not among them, and stay external.
 */
export function rememberChecked(entityType: string, sourceId: number | undefined, versions: Table): SQL {
  const by = sourceId === undefined ? sql.null : sql.literal(sourceId)
  return sql`insert into ${knownTransactions} (entity_type, xid, checked_by)
    select ${sql.literal(entityType)}, e._base_version, ${by}::integer from ${versions} e
    where not exists (
      select from ${knownTransactions} v where ${knownTo(entityType, sourceId)} and v.xid = e._base_version)`
}

/** So many transactions more to know are worth a look through all rows of their type. */
const worthForgetting = 200

/**
 * Keeps the list short: a transaction none of whose row versions is left need not be known. Most are known for ever, so
 * that one look has to last for the next runs, however long the list is.
 */
export function forgetOverwritten(entityType: string, resources: Table): SQL {
  const own = sql`v.entity_type = ${sql.literal(entityType)}`
  return sql`delete from ${knownTransactions} v where ${own}
    and (select count(*) from ${knownTransactions} v where ${own}) % ${sql.literal(worthForgetting)} = 0
    and not exists (select from ${resources} o where o.xmin = v.xid)`
}
