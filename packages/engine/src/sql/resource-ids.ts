/**
 * The sequence that the ids of resources come from.
 *
 * @module
 */
import { type Statement, sql, statement } from '@sluice/repository'

/**
 * Makes what is drawn from the sequence part of the transaction, as a sequence is not else: nobody draws an id meanwhile, and what is
 * rolled back gives its ids back.
 */
export function holdResourceIds(): Statement {
  return statement('runs/hold-resource-ids', sql`alter sequence sluice_resource_id increment by 1`)
}
