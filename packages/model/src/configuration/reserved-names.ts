/**
 * What PostgreSQL and Sluice keep for themselves in a table, and how much a table holds.
 *
 * @module
 */

/** Columns that every table of PostgreSQL has. */
const systemColumns: readonly string[] = ['ctid', 'cmax', 'cmin', 'tableoid', 'xmax', 'xmin']

/** No property of an entity type may become one of these; `entity_type` is a column of the view over a family. */
export const reservedEntityColumns: readonly string[] = [
  ...systemColumns,
  'resource_id',
  'entity_type',
  '_created_run',
  '_changed_run',
]

/** No property of an association may become one of these. */
export const reservedLinkColumns: readonly string[] = [
  ...systemColumns,
  'source_id',
  'from_id',
  'to_id',
  '_created_run',
  '_changed_run',
]

/** A table of PostgreSQL has at most 1,600 columns; those in which a run works have some of their own. */
export const mostColumns = 1_580
