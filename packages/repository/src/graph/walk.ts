/**
 * Walks breadth first along links and references: one statement for each step away, whatever is there.
 *
 * What is reached twice is kept once, so that a circle ends. It is walked from again only when it is reached with a greater weight than
 * before, which is the case of impacts alone: where all weights are whole, never. The database hands over no more than the limit leaves,
 * however many links a resource has.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { isA } from '../layout/layout.ts'
import { relationOf } from '../read/property-reader.ts'
import { allOf, unionAll } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { grouped } from './grouped.ts'
import { idOf, otherEnd, type Step, sourcesOf } from './step.ts'

export interface Walk {
  readonly session: Session
  readonly model: StoredModel
  readonly steps: readonly Step[]
  readonly depth: number
  readonly limit: number
  /** What is reached with less, in percent, is not walked to. */
  readonly minWeight: number
}

export interface Reach {
  readonly resourceId: string
  readonly entityType: string
  readonly depth: number
  readonly weight: number
}

export interface Walked {
  /** In the order in which they were reached. */
  readonly reached: ReadonlyMap<string, Reach>
  /** Ids of those from which was walked. */
  readonly expanded: ReadonlySet<string>
  readonly more: boolean
}

export async function walk(walk: Walk, start: Pick<Reach, 'resourceId' | 'entityType'>): Promise<Walked> {
  const first = { ...start, depth: 0, weight: 100 }
  const reached = new Map<string, Reach>([[start.resourceId, first]])
  const expanded = new Set<string>()
  let frontier: readonly Reach[] = [first]
  let more = false
  for (let depth = 1; frontier.length > 0 && depth <= walk.depth && !more; depth += 1) {
    for (const { resourceId } of frontier) expanded.add(resourceId)
    const left = walk.limit + 1 - reached.size
    // What is there already may come again, with a greater weight, and takes nobody's place.
    const most = left + 1 + reached.size
    const found = await next(walk, { frontier, reached, most })
    const there = await typed(walk, found, depth)
    const fresh = there.filter(({ resourceId }) => !reached.has(resourceId))
    more = fresh.length > left || found.length === most
    const dropped = new Set(fresh.slice(left))
    frontier = there.filter((one) => !dropped.has(one))
    for (const one of frontier) {
      const { depth: before = depth } = reached.get(one.resourceId) ?? {}
      reached.set(one.resourceId, { ...one, depth: before })
    }
  }
  return { reached, expanded, more }
}

interface Found {
  readonly id: string
  /** The entity type of that end. */
  readonly type: string
  readonly weight: number
}

interface Before {
  readonly frontier: readonly Reach[]
  readonly reached: ReadonlyMap<string, Reach>
  readonly most: number
}

/** What lies one step from the frontier and is new, or has now a greater weight: at most so many, the greatest weights first. */
async function next({ session, model, steps, minWeight }: Walk, before: Before): Promise<readonly Found[]> {
  const { frontier, reached, most } = before
  const types = [...new Set(frontier.map(({ entityType }) => entityType))]
  const possible = steps.filter(({ way, at }) => types.some((type) => isA(model, type, way[at])))
  if (possible.length === 0) return []
  const ids = sql.value(frontier.map(({ resourceId }) => resourceId))
  const branches = possible.map((step) => branch(step, ids))
  const weights = sql.value(frontier.map(({ weight }) => weight))
  const known = sql.value([...reached.keys()])
  const knownWeights = sql.value([...reached.values()].map(({ weight }) => weight))
  const weight = sql`round(max(f.weight * n.weight / 100)::numeric, 6)::float8`
  const found: Statement<Found> = statement(
    'graph/next',
    sql`select n.id, min(n.type) as type, ${weight} as weight
    from (${unionAll(branches)}) n
    join unnest(${ids}::bigint[], ${weights}::float8[]) f (id, weight) on f.id = n.at
    left join unnest(${known}::bigint[], ${knownWeights}::float8[]) known (id, weight) on known.id = n.id
    group by n.id, known.weight
    having ${weight} > coalesce(known.weight, 0) and ${weight} >= ${sql.value(minWeight)}::float8
    order by ${weight} desc, n.id limit ${sql.value(most)}::bigint`,
  )
  return (await run(session, found)).rows
}

function branch({ way, at, condition, weight }: Step, ids: SQL): SQL {
  const other = otherEnd[at]
  const conditions = [...sourcesOf(way), sql`${idOf(at)} = any(${ids}::bigint[])`, condition]
  return sql`select ${idOf(at)} as at, ${idOf(other)} as id, ${sql.literal(way[other])}::text as type, ${weight} as weight
    from ${way.rows} where ${allOf(conditions)}`
}

/** With the type that each is of, in the same order. What is gone though a link or a reference leads there is left out. */
async function typed(
  { session, model }: Walk,
  found: readonly Found[],
  depth: number,
): Promise<readonly Reach[]> {
  const byType = grouped(found, ({ type }) => type)
  const queries = [...byType].flatMap(([name, those]) => {
    const type = model.entityTypes.get(name)
    if (type === undefined) return []
    const ids = sql.value(those.map(({ id }) => id))
    return [
      sql`select o.resource_id as id, o.entity_type as type from ${relationOf(model, type)} o
        where o.resource_id = any(${ids}::bigint[])`,
    ]
  })
  if (queries.length === 0) return []
  const { rows } = await run(session, statement<Pick<Found, 'id' | 'type'>>('graph/types', unionAll(queries)))
  const types = new Map(rows.map(({ id, type }) => [id, type]))
  return found.flatMap(({ id, weight }) => {
    const entityType = types.get(id)
    return entityType === undefined ? [] : [{ resourceId: id, entityType, depth, weight }]
  })
}
