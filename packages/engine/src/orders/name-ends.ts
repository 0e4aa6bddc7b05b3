/**
 * What a source calls the resources that orders of links name: as they are named, or by what they are called.
 *
 * @module
 */
import { type AssociationMapping, spellingOf } from '@sluice/model'
import { run, type Session, type Statement, sql, statement, unionAll } from '@sluice/repository'
import { entityTypeOf, familyNames, propertyOf } from '../context/run-context.ts'
import type { End } from '../sql/link-shape.ts'
import { lookupBeforeRun, lookupValue } from '../sql/lookups.ts'
import { resourcesOf } from '../sql/tables.ts'
import { type Candidates, findKeys, mostAlike } from './find-keys.ts'
import { AmbiguousOrderError } from './order-errors.ts'
import { displayedBy, type Known } from './shown-values.ts'
import type { LinksSubject, OwnedLinkSet } from './subject.ts'

/** An order of a link. */
interface Named {
  readonly id: string
  readonly asked: { readonly from: string; readonly to: string }
}

type Candidating = (name: string) => Candidates

export async function nameEnds(
  session: Session,
  context: Known,
  links: LinksSubject,
  orders: readonly Named[],
): Promise<(order: Named) => { readonly from: string; readonly to: string }> {
  const from = await candidatesAt(session, context, {
    links,
    end: 'from',
    names: orders.map(({ asked }) => asked.from),
  })
  const to = await candidatesAt(session, context, {
    links,
    end: 'to',
    names: orders.map(({ asked }) => asked.to),
  })
  const source = links.known.source.name
  const chosen = (id: string, name: string, { key, called, spelled }: Candidates) => {
    if (key === null && called.length > 1) throw new AmbiguousOrderError(id, { source, name, keys: called })
    return key ?? called[0] ?? spelled
  }
  return ({ id, asked }) => ({
    from: chosen(id, asked.from, from(asked.from)),
    to: chosen(id, asked.to, to(asked.to)),
  })
}

interface AtEnd {
  readonly links: LinksSubject
  readonly end: End
  readonly names: readonly string[]
}

async function candidatesAt(session: Session, context: Known, at: AtEnd): Promise<Candidating> {
  const { links, end, names } = at
  const { delivered } = links
  if (delivered !== undefined) return await asFilesName(session, context, { ...at, by: delivered[end].by })
  const own = links.sets.filter(({ set }) => set.mapping.end === end)
  return own.length === 0
    ? await asPeopleName(session, context, at)
    : await asRowsAreNamed(session, context, own, { links, names })
}

/** Of one of the entity types whose rows hold the links. */
async function asRowsAreNamed(
  session: Session,
  context: Known,
  sets: readonly OwnedLinkSet[],
  { links, names }: Pick<AtEnd, 'links' | 'names'>,
): Promise<Candidating> {
  const finders: Candidating[] = []
  for (const { shape } of sets) {
    const rows = { known: links.known, name: shape.type.name, mapping: shape.mapping }
    finders.push(await findKeys(session, context, rows, names))
  }
  return (name) => {
    const found = finders.map((of) => of(name))
    return {
      spelled: name,
      key: found.find(({ key }) => key !== null)?.key ?? null,
      called: found.flatMap(({ called }) => called),
    }
  }
}

/** By the property that the files name the end by. */
async function asFilesName(
  session: Session,
  context: Known,
  { links, end, names, by }: AtEnd & { readonly by: AssociationMapping['from']['by'] },
): Promise<Candidating> {
  const entityType = links.association[end]
  const spelling = spellingOf(propertyOf(entityTypeOf(context.model, entityType), by), {})
  const spelled = (name: string) => spelling?.of(name) ?? name
  const asked = [...new Set(names)].map((name) => [name, spelled(name)] as const)
  const known = lookupBeforeRun(context, { entityType, by }, sql`select n.spelled from asked n`)
  const { rows } = await run(session, called(context, entityType, { asked, by, known }))
  return candidatesFrom(rows, spelled)
}

/** By what it is called; anything else may be what the entries of link sets name it by. */
async function asPeopleName(
  session: Session,
  context: Known,
  { links, end, names }: AtEnd,
): Promise<Candidating> {
  const entityType = links.association[end]
  const asked = [...new Set(names)].map((name) => [name, name] as const)
  const { rows } = await run(session, called(context, entityType, { asked }))
  const several = rows.filter(({ called }) => (called?.length ?? 0) > 1)
  return candidatesFrom(several, (name) => name)
}

function candidatesFrom(rows: readonly CalledRow[], spelled: (name: string) => string): Candidating {
  const found = new Map(rows.map((row) => [row.name, row]))
  return (name) => {
    const { is_known = false, called = null } = found.get(name) ?? {}
    return { spelled: spelled(name), key: is_known ? spelled(name) : null, called: called ?? [] }
  }
}

interface CalledRow {
  readonly name: string
  readonly is_known: boolean
  readonly called: readonly string[] | null
}

interface Asked {
  readonly asked: readonly (readonly [name: string, spelled: string])[]
  /** How resources are named otherwise; absent: by their ids, `#1001`. */
  readonly by?: string
  /** Relation of the values of `asked` that resources answer to. */
  readonly known?: ReturnType<typeof lookupBeforeRun>
}

function called(context: Known, entityType: string, { asked, by, known }: Asked): Statement<CalledRow> {
  const display = displayedBy(context, entityType)
  const parts = familyNames(context.model, entityType).flatMap((type) => {
    if (display === undefined) return []
    const value = by === undefined ? sql`'#' || t.resource_id` : lookupValue(context, type, by, sql`t`)
    return [sql`select ${display.named(sql`t`)} as shown, ${value} as value from ${resourcesOf(type)} t`]
  })
  const alike =
    parts.length === 0
      ? sql`(select null::text as shown, null::text[] as called where false)`
      : sql`(select x.shown, (array_agg(distinct x.value order by x.value))[1:${sql.literal(mostAlike)}] as called from (${unionAll(parts)}) x
          where x.shown in (select n.name from asked n) and x.value is not null group by x.shown)`
  const isKnown = known === undefined ? sql.false : sql`n.spelled in (select k.value from ${known} k)`
  return statement(
    `orders/find-called ${entityType}`,
    sql`with asked as materialized (select * from unnest(${sql.value(asked.map(([name]) => name))}::text[], ${sql.value(asked.map(([, spelled]) => spelled))}::text[]) n (name, spelled))
    select n.name, ${isKnown} as is_known, a.called from asked n left join ${alike} a on a.shown = n.name`,
  )
}
