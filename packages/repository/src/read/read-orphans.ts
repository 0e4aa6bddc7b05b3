/**
 * Reads what references and links wait for, each missing name once with how many wait for it.
 *
 * The names of a type or an association are gathered first, and looked up then: a name that ten thousand links wait for is looked up once.
 *
 * @module
 */
import type { EntityType, LeftOutQuery, Orphan, StoredModel, StoredSource } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { displayJoin } from './property-reader.ts'
import { readModel } from './read-model.ts'
import { requireSources } from './require-sources.ts'
import { candidatesCalled } from './resources-called.ts'

/** Source by source; the names that most wait for first. */
export async function* readOrphans(
  database: Database,
  { sources, limit = Number.POSITIVE_INFINITY }: LeftOutQuery = {},
): AsyncGenerator<Orphan> {
  const { model, waiting } = await database.session(async (session) => {
    await requireSources(session, sources)
    return { model: await readModel(session), waiting: await whatWaits(session, sources) }
  })
  let left = limit
  for (const one of waiting) {
    for (const place of placesOf(model, one)) {
      if (left <= 0) return
      const { rows } = await database.session((session) => run(session, missing(model, place, left)))
      yield* rows.map((row) => ({ ...named(place), ...row }))
      left -= rows.length
    }
  }
}

interface Waiting {
  readonly kind: Orphan['kind']
  readonly source: string
  readonly sourceId: number
  /** The entity type or association. */
  readonly name: string
  /** `null` of links. */
  readonly property: string | null
}

async function whatWaits(
  session: Session,
  sources: readonly string[] | undefined,
): Promise<readonly Waiting[]> {
  return (await run(session, kindsThatWait(sources))).rows
}

function kindsThatWait(sources: readonly string[] | undefined): Statement<Waiting> {
  const among = sources === undefined ? sql.true : sql`s.name = any(${sql.value(sources)}::text[])`
  return statement(
    'read/what-waits',
    sql`select w.kind, s.name as source, s.source_id as "sourceId", w.name, w.property from (
      select distinct 'reference' as kind, o.source_id, o.entity_type as name, o.property from sluice_orphan_reference o
      union all select distinct 'link', o.source_id, o.association, null from sluice_orphan_link o
    ) w join sluice_source s using (source_id) where ${among} order by s.name, w.kind desc, w.name, w.property`,
  )
}

/** A reference, or an end of links: what may be missing there, and by what it is named. */
interface Place extends Waiting {
  readonly end: 'from' | 'to' | null
  readonly target: string
  readonly by: string
}

function placesOf({ entityTypes, associations, sources }: StoredModel, one: Waiting): readonly Place[] {
  const mapped = sources.get(one.source)
  if (one.kind === 'reference') return referenceOf(entityTypes.get(one.name), mapped, one)
  const association = associations.get(one.name)
  const mapping = mapped?.associations.find((other) => other.association === one.name)
  if (association === undefined || mapping === undefined) return []
  return [
    { ...one, end: 'from', target: association.from, by: mapping.fromBy },
    { ...one, end: 'to', target: association.to, by: mapping.toBy },
  ]
}

function referenceOf(
  type: EntityType | undefined,
  mapped: StoredSource | undefined,
  one: Waiting,
): readonly Place[] {
  const property = type?.properties.find(({ name }) => name === one.property)
  if (property?.type !== 'reference') return []
  const by = mapped?.entities
    .flatMap(({ properties }) => properties)
    .find(({ name, by }) => name === one.property && by !== undefined)?.by
  return [{ ...one, end: null, target: property.to, by: by ?? 'resource_id' }]
}

function named({ source, kind, name, property, end, target, by }: Place) {
  return { source, kind, of: `${name}.${end ?? property}`, type: target, by }
}

type Found = Pick<Orphan, 'value' | 'found' | 'candidates' | 'waiting' | 'example'>

function missing(model: StoredModel, place: Place, limit: number): Statement<Found> {
  const most = Number.isFinite(limit) ? sql` limit ${sql.literal(limit)}` : sql.blank
  return statement(
    `read/orphans ${place.name}`,
    sql`select w.value, f.found, f.candidates, w.waiting, w.example from (${waitingFor(model, place)}) w
    cross join lateral ${candidatesCalled(model, place, sql`w.value`)} f
    where f.found <> 1 order by w.waiting desc, w.value${most}`,
  )
}

/** Query (value, waiting, example). */
function waitingFor(model: StoredModel, { sourceId, name, property, end }: Place): SQL {
  if (end !== null) {
    const [value, other] = end === 'from' ? ['from_value', 'to_value'] : ['to_value', 'from_value']
    return sql`select o.${sql.identifier(value)} as value, count(*)::int as waiting, min(o.${sql.identifier(other)}) as example
      from sluice_orphan_link o where o.source_id = ${sql.literal(sourceId)} and o.association = ${sql.literal(name)} group by 1`
  }
  const { expression, join } = displayJoin(model, name, sql`g.first`, sql`shown`)
  return sql`select g.value, g.waiting, ${expression} as example from (
      select o.value, count(*)::int as waiting, min(o.resource_id) as first from sluice_orphan_reference o
      where o.source_id = ${sql.literal(sourceId)} and o.entity_type = ${sql.literal(name)} and o.property = ${sql.literal(property)}
      group by o.value) g ${join}`
}
