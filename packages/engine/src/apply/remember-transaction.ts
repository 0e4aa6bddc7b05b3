/**
 * Remembers which transactions wrote or checked the rows of a type, so that the next complete run can
 * tell them from those of another hand.
 *
 * @module
 */
import { literal, type Session } from '@sluice/repository'
import { tableOf } from '../terms/work.ts'

/** Looking through the type's rows is not worth it for fewer. */
const worthForgetting = 200

/**
 * Adds this transaction, when it wrote rows of the type (as `wrote` says), and every other transaction whose
 * rows the run has just compared. Writes nothing when there is nothing new.
 */
export async function rememberTransaction(
  session: Session,
  of: {
    readonly sourceId: number
    readonly entityType: string
    readonly wrote: boolean
    readonly compared: boolean
  },
): Promise<void> {
  const known = `select from sluice_verified v where v.source_id = ${of.sourceId} and v.entity_type = ${literal(of.entityType)}`
  const statements: string[] = []
  if (of.wrote) {
    // Not pg_current_xact_id() as it stands: row headers hold its lower 32 bits.
    statements.push(`insert into sluice_verified (source_id, entity_type, xid)
      select ${of.sourceId}, ${literal(of.entityType)}, t.xid from (select pg_current_xact_id()::xid as xid) t
      where not exists (${known} and v.xid = t.xid)`)
  }
  if (of.compared) {
    statements.push(`insert into sluice_verified (source_id, entity_type, xid)
      select distinct ${of.sourceId}, ${literal(of.entityType)}, o.xmin from ${tableOf(of.entityType)} o
      where not exists (${known} and v.xid = o.xmin)`)
  }
  if (statements.length > 0) await session.execute([...statements, forgetOverwritten(of)].join(';\n'))
}

/** SQL that keeps the list short: a transaction none of whose row versions is left need not be known. */
function forgetOverwritten(of: { readonly sourceId: number; readonly entityType: string }): string {
  const own = `v.source_id = ${of.sourceId} and v.entity_type = ${literal(of.entityType)}`
  return `delete from sluice_verified v where ${own}
    and (select count(*) from sluice_verified v where ${own}) > ${worthForgetting}
    and not exists (select from ${tableOf(of.entityType)} o where o.xmin = v.xid)`
}
