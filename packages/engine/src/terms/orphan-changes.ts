/**
 * What a run changes in the orphans, references and links that name somebody who is not there: recorded while the
 * change set is made, carried out when it is applied, and kept with the run while it is held.
 *
 * Tables of the repository and not of the run, because nearly every run has few of them or none.
 *
 * @module
 */
import type { Session } from '@sluice/repository'
import type { Work } from './work.ts'

const ofReferences = 'sluice_orphan_reference_change'
const ofLinks = 'sluice_orphan_link_change'

/** `rows`: SQL query (operation, source_id, entity_type, resource_id, property, value). */
export async function changeOrphanReferences(work: Work, rows: string): Promise<void> {
  await work.session.execute(`insert into ${ofReferences}
    (run_id, operation, source_id, entity_type, resource_id, property, value) select ${work.runId}, r.* from (${rows}) r`)
}

/** `rows`: SQL query (operation, source_id, association, from_value, to_value, properties). */
export async function changeOrphanLinks(work: Work, rows: string): Promise<void> {
  await work.session.execute(`insert into ${ofLinks}
    (run_id, operation, source_id, association, from_value, to_value, properties)
    select ${work.runId}, c.operation, c.source_id, c.association, c.from_value, c.to_value, c.properties::jsonb
    from (${rows}) c(operation, source_id, association, from_value, to_value, properties)`)
}

/** SQL relation with the columns of `changeOrphanReferences`. */
export function orphanReferenceChanges(runId: number): string {
  return `(select * from ${ofReferences} where run_id = ${runId})`
}

/** SQL relation with the columns of `changeOrphanLinks`. */
export function orphanLinkChanges(runId: number): string {
  return `(select * from ${ofLinks} where run_id = ${runId})`
}

/** To be called when they were carried out, or nobody will. */
export async function dropOrphanChanges(session: Session, runId: number): Promise<void> {
  await session.execute(`delete from ${ofReferences} where run_id = ${runId};
    delete from ${ofLinks} where run_id = ${runId}`)
}
