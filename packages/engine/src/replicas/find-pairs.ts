/**
 * Which resources rows find by rules: each pair of a row and a resource that have the keys of a rule in common.
 *
 * @module
 */
import { type SQL, sql, type Table, unionAll } from '@sluice/repository'
import { type EntityChanges, noEntityChanges } from '../changes/entity-changes.ts'
import type { SharedShape } from '../sql/shared-shape.ts'
import { resourcesOf } from '../sql/tables.ts'
import { findsByRule, type SearchRule, searchRulesOf } from './search-keys.ts'

export interface Pairs {
  readonly rule: number
  /** _seq, resource_id: each resource that each row finds by the rule. */
  readonly query: SQL
}

/** Of the rows of `searches` and the resources of the type as this run has left them so far (`changes`). */
export function pairsOf(shape: SharedShape, searches: Table, changes: EntityChanges): readonly Pairs[] {
  if (shape.federation.reconciliation.policy === 'resource_id') {
    const query = pairsWhere(shape, {
      searches,
      changes,
      matches: (x) => sql`${x}.resource_id::text = a._key`,
    })
    return [{ rule: 1, query }]
  }
  return searchRulesOf(shape).map((rule) => ({
    rule: rule.number,
    query: pairsOfRule(shape, searches, rule, changes),
  }))
}

/** Query (_seq, resource_id). */
export function pairsOfRule(
  shape: SharedShape,
  searches: Table,
  rule: SearchRule,
  changes: EntityChanges = noEntityChanges,
): SQL {
  return pairsWhere(shape, { searches, changes, matches: (alias) => findsByRule(rule, alias) })
}

/** What is stored and what the run has changed are joined each by itself, so that an index of what is stored is of use to a few rows. */
function pairsWhere(
  { types }: SharedShape,
  {
    searches,
    changes: { tables },
    matches,
  }: { readonly searches: Table; readonly changes: EntityChanges; readonly matches: (alias: SQL) => SQL },
): SQL {
  return unionAll(
    types.map(({ name }) => {
      const stored = sql`select a._seq, o.resource_id from ${searches} a join ${resourcesOf(name)} o on ${matches(sql`o`)}`
      const changes = tables.get(name)
      if (changes === undefined) return stored
      return sql`${stored} where not exists (select from ${changes} c where c.resource_id = o.resource_id)
    union all select a._seq, c.resource_id from ${searches} a join ${changes} c on ${matches(sql`c`)} where c._operation <> 'delete'`
    }),
  )
}
