/**
 * What a source says of what was ordered of it, whichever way it says that.
 *
 * @module
 */
import { type Session, type SQL, sql } from '@sluice/repository'
import type { Known } from './shown-values.ts'
import { isAbout, type Subject } from './subject.ts'
import { whatFilesAssert } from './what-files-assert.ts'
import { whatLinkSetsAssert } from './what-link-sets-assert.ts'
import { whatRowsAssert } from './what-rows-assert.ts'

/**
 * Query of the orders `o` of the subject that fulfil a condition: all columns of the order, and `now_there`, `now_asserted`, `now_named`,
 * `now_from_id`, `now_to_id`.
 */
export async function whatIsAsserted(
  session: Session,
  context: Known,
  subject: Subject,
  condition: SQL,
): Promise<SQL> {
  if ('mapping' in subject) {
    const asserted = whatRowsAssert(context, subject.known, subject.mapping, condition)
    return sql`select s.*, null::bigint as now_from_id, null::bigint as now_to_id from (${asserted}) s`
  }
  const ordered = sql`select o.* from sluice_order o where ${isAbout(subject, sql`o`)} and (${condition})`
  return subject.delivered === undefined
    ? await whatLinkSetsAssert(session, context, subject, ordered)
    : whatFilesAssert(context, { ...subject, mapping: subject.delivered }, ordered)
}
