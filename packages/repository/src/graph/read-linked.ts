/**
 * What one resource is linked to: how many by each association and reference at each end, and any of these lists page by page.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { isA } from '../layout/layout.ts'
import { PageSize } from '../read/page-size.ts'
import { behindCursor } from '../read/position-cursor.ts'
import { relationOf } from '../read/property-reader.ts'
import { UnknownNameError } from '../read/read-errors.ts'
import { readModel } from '../read/read-model.ts'
import { entityTypeNamed } from '../read/read-resources.ts'
import { allOf, unionAll } from '../sql/fragments.ts'
import { type SQL, sql, statement } from '../sql/statement.ts'
import { describeResources } from './describe-resources.ts'
import { findStart, type Start } from './find-start.ts'
import type { GraphLink, GraphResource } from './graph-types.ts'
import { readLinksAmong } from './read-links-among.ts'
import { idOf, otherEnd, type Step, sourcesOf, stepOf } from './step.ts'
import { type End, waysOf } from './ways.ts'

/** One list of links of a resource. */
interface LinkedList {
  readonly kind: GraphLink['kind']
  /** Of the association; of a reference, `Person.manager`. */
  readonly name: string
  /** The end at which the resource stands. */
  readonly end: End
}

/** A list that is not empty. */
export interface LinkedCount extends LinkedList {
  /** Resources at the other end, each once. */
  readonly count: number
}

export interface LinkedQuery extends Pick<LinkedList, 'name' | 'end'> {
  readonly limit?: number | undefined
  /** Goes on behind the one that had this cursor. */
  readonly cursor?: string | undefined
}

/** A resource at the other end, with the link or reference that leads there. */
interface Linked {
  readonly resource: Omit<GraphResource, 'depth'>
  readonly link: GraphLink
}

export type ListedLinked = Linked & { readonly cursor: string }

/** Associations first, each by its name. `undefined`: there is no such resource, found as `explain` finds it. */
export async function countLinked(
  database: Database,
  entityType: string,
  key: string,
): Promise<readonly LinkedCount[] | undefined> {
  return await database.session(async (session) => {
    const { model, start } = await lookUp(session, entityType, key)
    if (start === undefined) return undefined
    const counts = stepsFrom(model, start).map(
      (
        step,
      ) => sql`select ${sql.literal(step.way.kind)}::text as kind, ${sql.literal(step.way.name)}::text as name,
        ${sql.literal(step.at)}::text as "end", count(*)::int as count from (${othersOf(model, step, start)}) n`,
    )
    if (counts.length === 0) return []
    const counted = statement<LinkedCount>(
      `graph/count-linked ${start.entityType}`,
      sql`select n.kind, n.name, n."end", n.count from (${unionAll(counts)}) n where n.count > 0
        order by n.kind, n.name collate "C", n."end"`,
    )
    return (await run(session, counted)).rows
  })
}

/** In the order of their ids, read in pages. `undefined`: there is no such resource. */
export async function readLinked(
  database: Database,
  entityType: string,
  key: string,
  query: LinkedQuery,
): Promise<AsyncIterable<ListedLinked> | undefined> {
  const { model, start } = await database.session((session) => lookUp(session, entityType, key))
  if (start === undefined) return undefined
  return pagesOf(database, { model, start, step: stepNamed(model, start, query) }, query)
}

/** A link is a row for each source that ever asserted it: the page bounds them. */
const allOfPage = 2 ** 40

interface List {
  readonly model: StoredModel
  readonly start: Start
  readonly step: Step
}

async function* pagesOf(
  database: Database,
  list: List,
  { limit = Number.POSITIVE_INFINITY, cursor }: LinkedQuery,
): AsyncGenerator<ListedLinked> {
  let after = cursor ?? '0'
  const pages = new PageSize()
  for (let left = limit; left > 0; ) {
    const size = Math.min(pages.rows, left)
    const behind = after
    const { last, linked } = await database.session((session) => readPage(session, list, { behind, size }))
    pages.learn(linked.map(({ resource, link }) => ({ resource, link })))
    yield* linked
    if (last === undefined) return
    after = last
    left -= size
  }
}

/** `last`: what it ends with; `undefined` where the list does. */
async function readPage(
  session: Session,
  { model, start, step }: List,
  { behind, size }: { readonly behind: string; readonly size: number },
): Promise<{ readonly last: string | undefined; readonly linked: readonly ListedLinked[] }> {
  const others = statement<{ id: string; type: string }>(
    `graph/linked ${step.way.name}`,
    sql`select n.id, n.type from (${othersOf(model, step, start)}) n where ${behindCursor(sql`n.id`, behind)}
      order by n.id limit ${sql.value(size)}::bigint`,
  )
  const { rows } = await run(session, others)
  const reached = new Map(
    rows.map(({ id, type }) => [id, { resourceId: id, entityType: type, depth: 1, weight: 100 }]),
  )
  const { links } = await readLinksAmong(
    { session, model, steps: [step], most: allOfPage },
    { reached, expanded: new Set([start.resourceId]) },
  )
  const linkTo = new Map(links.map(({ at, weight, ...link }) => [link[otherEnd[at]], link]))
  const described = await describeResources(session, model, [...reached.values()])
  return {
    last: rows.length < size ? undefined : rows.at(-1)?.id,
    linked: described.flatMap(({ depth, ...resource }) => {
      const link = linkTo.get(resource.resourceId)
      // One that went between the statements is no longer linked.
      return link === undefined ? [] : [{ resource, link, cursor: resource.resourceId }]
    }),
  }
}

async function lookUp(
  session: Session,
  entityType: string,
  key: string,
): Promise<{ readonly model: StoredModel; readonly start: Start | undefined }> {
  const model = await readModel(session)
  return { model, start: await findStart(session, model, { entityType, key, by: undefined }) }
}

/** All lists that a resource of this type may have. */
function stepsFrom(model: StoredModel, { entityType }: Start): readonly Step[] {
  return waysOf(model).flatMap((way) =>
    (['from', 'to'] as const)
      .filter((end) => isA(model, entityType, way[end]))
      .map((end) => stepOf(way, end)),
  )
}

function stepNamed(model: StoredModel, start: Start, { name, end }: LinkedQuery): Step {
  const steps = stepsFrom(model, start)
  const found = steps.find(({ way, at }) => way.name === name && at === end)
  if (found !== undefined) return found
  const names = new Set(steps.filter(({ at }) => at === end).map(({ way }) => way.name))
  throw new UnknownNameError('association or reference', name, [...names])
}

/** Query (id, type) of the resources at the other end, each once. What is gone though a link leads there is left out. */
function othersOf(model: StoredModel, { way, at }: Step, { resourceId }: Start): SQL {
  const other = otherEnd[at]
  const here = sql`${idOf(at)} = ${sql.value(resourceId)}::bigint`
  return sql`select distinct o.resource_id as id, o.entity_type as type from ${way.rows}
    join ${relationOf(model, entityTypeNamed(model, way[other]))} o on o.resource_id = ${idOf(other)}
    where ${allOf([...sourcesOf(way), here])}`
}
