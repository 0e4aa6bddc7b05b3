/**
 * What people have made, told from what sources have.
 *
 * A resource that a person creates belongs to no source: its run tells, by its cause. So does one that a source has left which was deleted. So it does after a restored dump, too, where every
 * row looks as if somebody else had written it. A link of a person's has the number of no source.
 *
 * @module
 */
import { type SQL, type Statement, sql, statement } from '@sluice/repository'

/** `source_id` of the links that people have made; sources count from 1. */
export const peopleId = 0
export const people = sql.literal(peopleId)

/** Query (run_id): the runs by which people change resources. */
const free = sql`select from sluice_free_resource f`

const theirRuns = sql`select run.run_id from sluice_run run where run.cause in ('edit', 'revert')`

/** The stored resource `row` was created by a person, or left by a source that was deleted. */
export function isMadeByPeople(row: SQL): SQL {
  return sql`(${row}._created_run in (${theirRuns}) or exists (${free} where f.resource_id = ${row}.resource_id))`
}

/** Whether people have ever changed anything, or been left anything: where not, nothing of theirs has to be looked for. */
export const havePeopleEdited: Statement = statement(
  'people/have-edited',
  sql`select where exists (${theirRuns}) or exists (${free})`,
)
