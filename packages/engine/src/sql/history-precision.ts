/**
 * Which changes of a property the history keeps, where it is told not to keep all of them.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { allOf, type SQL, sql } from '@sluice/repository'
import { differsIn } from './display-values.ts'

/** SQL condition: an update `c` changes the property, and the history keeps that. */
export type KeptDifference = (property: Property, rows: { readonly before: SQL; readonly after: SQL }) => SQL

/** Whether updates may be left out of the history. */
export function hasPrecision(properties: readonly Property[]): boolean {
  return properties.some(({ history }) => history !== undefined)
}

/** The properties of which an update is kept at all. */
export function everKept(properties: readonly Property[]): readonly Property[] {
  return properties.filter(({ history }) => history !== 'none')
}

/** `runId`: SQL of the number of the run that the change `c` is of. */
export function keptDifference(runId: SQL): KeptDifference {
  return (property, rows) => {
    const { history } = property
    const differs = differsIn(property, rows)
    if (history === undefined) return differs
    if (history === 'none') return sql.false
    return allOf([differs, sql`not exists (${keptWithin(property, runId, history)})`])
  }
}

/** Query of a change of the property that was kept so many milliseconds before the run, or less. */
function keptWithin({ name }: Property, runId: SQL, milliseconds: number): SQL {
  const property = sql.literal(name)
  return sql`select from sluice_history h join sluice_run kept on kept.run_id = h.run_id join sluice_run own on own.run_id = ${runId}
    where h.resource_id = c.resource_id and h.operation = 'update' and h.run_id <> own.run_id and (h.before ? ${property} or h.after ? ${property})
      and kept.started_at > own.started_at - ${sql.literal(milliseconds)} * interval '1 millisecond'`
}
