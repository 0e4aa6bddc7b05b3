/**
 * The links of a resource that its sources assert and that are not there: what is named at their other end is nobody, or several.
 *
 * @module
 */
import { type Association, type EntityType, namesIn, type StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { nameBy } from '../layout/composed.ts'
import { entityTable, isA } from '../layout/layout.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import type { ExplainedOrphanLink } from './read-types.ts'
import { candidatesCalled } from './resources-called.ts'

/** So many of an association, an end and a source. */
const mostShown = 20

export async function explainOrphanLinks(
  session: Session,
  model: StoredModel,
  type: EntityType,
  resourceId: string,
): Promise<readonly ExplainedOrphanLink[]> {
  const found: ExplainedOrphanLink[] = []
  for (const asserted of assertedAt(model, type)) {
    const { association, end, source } = asserted
    const { rows } = await run(session, orphansAt(model, type, asserted, resourceId))
    found.push(
      ...rows.map(({ name, candidates }) => ({
        association: association.name,
        end,
        source,
        name,
        ...(candidates.length === 0 ? {} : { candidates }),
      })),
    )
  }
  return found
}

interface Asserted {
  readonly association: Association
  /** At which the resource stands, and by what it is named there. */
  readonly end: 'from' | 'to'
  readonly by: string
  readonly otherBy: string
  readonly source: string
}

/** Wherever a source may name a resource of the type at an end of links. */
function assertedAt(model: StoredModel, type: EntityType): readonly Asserted[] {
  return [...model.associations.values()].flatMap((association) =>
    [...model.sources.values()].flatMap(({ name: source, associations }) =>
      associations
        .filter((mapping) => mapping.association === association.name)
        .flatMap(({ fromBy, toBy }) => [
          ...(isA(model, type.name, association.from)
            ? [{ association, end: 'from' as const, by: fromBy, otherBy: toBy, source }]
            : []),
          ...(isA(model, type.name, association.to)
            ? [{ association, end: 'to' as const, by: toBy, otherBy: fromBy, source }]
            : []),
        ]),
    ),
  )
}

interface OrphanRow {
  readonly name: string
  readonly candidates: readonly string[]
}

function orphansAt(
  model: StoredModel,
  type: EntityType,
  { association, end, by, otherBy, source }: Asserted,
  resourceId: string,
): Statement<OrphanRow> {
  const target = end === 'from' ? association.to : association.from
  const [here, there] =
    end === 'from' ? [sql`o.from_value`, sql`o.to_value`] : [sql`o.to_value`, sql`o.from_value`]
  return statement(
    `explain/orphan-links ${association.name}`,
    sql`select w.name, f.candidates from (
      select distinct ${there} as name from sluice_orphan_link o join sluice_source s on s.source_id = o.source_id
      where s.name = ${sql.value(source)} and o.association = ${sql.literal(association.name)}
      and ${here} = (${nameOf(type, by, resourceId)})) w
    cross join lateral ${candidatesCalled(model, { target, by: otherBy }, sql`w.name`)} f
    where f.found <> 1 order by w.name limit ${sql.literal(mostShown)}`,
  )
}

/** Query (text) of what the resource is called there; none where the model has no such property any more. */
function nameOf(type: EntityType, by: string, resourceId: string): SQL {
  const id = sql`${sql.value(resourceId)}::bigint`
  if (by === 'resource_id') return sql`select ${id}::text`
  const known = type.properties.map(({ name }) => name)
  if (!namesIn(by).every((name) => known.includes(name))) return sql`select null::text`
  return sql`select ${nameBy(type, by, sql`r`)} from ${new Table(entityTable(type.name))} r where r.resource_id = ${id}`
}
