/**
 * What a run changes in the orphans, references and links that name somebody who is not there: recorded while the
 * change set is made, carried out when it is applied, and kept with the run while it is held.
 *
 * Tables of the repository and not of the run, because nearly every run has few of them or none.
 *
 * @module
 */
import { type SQL, type Statement, sql, statement, Table } from '@sluice/repository'

const ofReferences = new Table('sluice_orphan_reference_change')
const ofLinks = new Table('sluice_orphan_link_change')

/** `rows`: query of (operation, source_id, entity_type, resource_id, property, value). */
export function changeOrphanReferences(name: string, runId: number, rows: SQL): Statement {
  return statement(
    name,
    sql`insert into ${ofReferences} (run_id, operation, source_id, entity_type, resource_id, property, value)
    select ${sql.literal(runId)}, c.* from (${rows}) c`,
  )
}

/** `rows`: query of (operation, source_id, association, from_value, to_value, properties). */
export function changeOrphanLinks(name: string, runId: number, rows: SQL): Statement {
  return statement(
    name,
    sql`insert into ${ofLinks} (run_id, operation, source_id, association, from_value, to_value, properties)
    select ${sql.literal(runId)}, c.* from (${rows}) c`,
  )
}

/** Relation with the columns of `changeOrphanReferences`. */
export function orphanReferenceChanges(runId: number): SQL {
  return sql`(select * from ${ofReferences} where run_id = ${sql.literal(runId)})`
}

/** Relation with the columns of `changeOrphanLinks`. */
export function orphanLinkChanges(runId: number): SQL {
  return sql`(select * from ${ofLinks} where run_id = ${sql.literal(runId)})`
}

/** To be run when they were carried out, or nobody will. */
export function dropOrphanChanges(runId: number): readonly Statement[] {
  return [ofReferences, ofLinks].map((table) =>
    statement('changes/drop-orphan-changes', sql`delete from ${table} where run_id = ${sql.literal(runId)}`),
  )
}
