/**
 * What is known of references that point to nobody: what they name, whether that is several resources and not none, and whether one is called so but
 * for blanks.
 *
 * @module
 */
import { blankCharacters, type EntityType, isComposed, namesIn, type StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { nameBy } from '../layout/composed.ts'
import { entityTable, family } from '../layout/layout.ts'
import { unionAll } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { mostCandidates } from './resources-called.ts'

export interface ExplainedOrphan {
  readonly property: string
  /** What the reference names. */
  readonly value: string
  /** Ids of the resources that are called so, where they are several: none of them is meant more than the others. */
  readonly candidates: readonly string[]
  /** Ids of those that are called so but for blanks at the ends. */
  readonly padded: readonly string[]
}

/** Of the references of a resource that found nobody. */
export async function explainOrphans(
  session: Session,
  model: StoredModel,
  type: EntityType,
  resourceId: string,
): Promise<readonly ExplainedOrphan[]> {
  const { rows } = await run(session, orphansOf(resourceId))
  const explained: ExplainedOrphan[] = []
  for (const { source, property, value } of rows) {
    const named = namesOf(model, type, source, property)
    const candidates = await idsOf(session, property, named, sql`x.name = ${sql.value(value)}`)
    const padded = candidates.length > 0 ? [] : await idsOf(session, property, named, butForBlanks(value))
    explained.push({ property, value, candidates: candidates.length > 1 ? candidates : [], padded })
  }
  return explained
}

function orphansOf(
  resourceId: string,
): Statement<{ source: string | null; property: string; value: string }> {
  return statement(
    'explain/find-orphans',
    sql`select s.name as source, w.property, w.value from sluice_orphan_reference w
    left join sluice_source s on s.source_id = w.source_id where w.resource_id = ${sql.value(resourceId)}::bigint`,
  )
}

/** Query (resource_id, name): what the targets of a reference are called; `undefined` where nobody knows by what it is looked up. */
function namesOf(
  model: StoredModel,
  type: EntityType,
  source: string | null,
  property: string,
): SQL | undefined {
  const reference = type.properties.find(({ name }) => name === property)
  const mapping = model.sources
    .get(source ?? '')
    ?.entities.find(({ properties }) => properties.some(({ name }) => name === property))
  const by = mapping?.properties.find(({ name }) => name === property)?.by
  if (reference?.type !== 'reference' || by === undefined) return undefined
  const parts = family(model, reference.to).flatMap((target) => {
    const known = target.properties.map(({ name }) => name)
    if (!namesIn(by).every((name) => known.includes(name))) return []
    const table = new Table(entityTable(target.name))
    return [sql`select o.resource_id, ${nameBy(target, by, sql`o`)} as name from ${table} o`]
  })
  return parts.length === 0 || isComposed(by) ? undefined : unionAll(parts)
}

function butForBlanks(value: string): SQL {
  const blanks = sql.literal(blankCharacters)
  return sql`btrim(x.name, ${blanks}) = btrim(${sql.value(value)}, ${blanks})`
}

async function idsOf(
  session: Session,
  property: string,
  named: SQL | undefined,
  condition: SQL,
): Promise<readonly string[]> {
  if (named === undefined) return []
  const found = statement<{ id: string }>(
    `explain/find-candidates ${property}`,
    sql`select x.resource_id as id from (${named}) x where ${condition}
    order by x.resource_id limit ${sql.literal(mostCandidates)}`,
  )
  return (await run(session, found)).rows.map(({ id }) => String(id))
}
