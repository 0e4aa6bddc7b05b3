/**
 * Reads the links and references that a walk went along, or could have gone along.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'
import type { Row, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type PropertyReader, propertyReader } from '../read/property-reader.ts'
import { allOf, more } from '../sql/fragments.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import type { GraphLink } from './graph-types.ts'
import { idOf, otherEnd, type Step, sourcesOf } from './step.ts'
import type { Walked } from './walk.ts'
import type { End, Way } from './ways.ts'

/** A link, the end at which the walk came to it, and how much of an impact goes along it. */
export interface WalkedLink extends GraphLink {
  readonly at: End
  readonly weight: number
}

interface LinkRow extends Row {
  readonly from_id: string
  readonly to_id: string
  readonly _source: string | null
  readonly _weight: number
}

export interface Wanted {
  readonly session: Session
  readonly model: StoredModel
  readonly steps: readonly Step[]
  /** At most so many rows. */
  readonly most: number
}

/** Step by step; each once from either end. */
export async function readLinksAmong(
  { session, model, steps, most }: Wanted,
  { reached, expanded }: Pick<Walked, 'reached' | 'expanded'>,
): Promise<{ readonly links: readonly WalkedLink[]; readonly more: boolean }> {
  const links = new Map<string, WalkedLink>()
  let left = most
  for (const step of steps) {
    const read = linksOf(model, step, { reached, expanded, most: left + 1 })
    const { rows } = await run(session, read.statement)
    if (rows.length > left) return { links: [...links.values()], more: true }
    left -= rows.length
    for (const row of rows) addTo(links, read.link(row))
  }
  return { links: [...links.values()], more: false }
}

/** Several sources may assert a link; the greatest weight that one gives it counts. */
function addTo(links: Map<string, WalkedLink>, link: WalkedLink): void {
  const key = `${link.name} ${link.at} ${link.from} ${link.to}`
  const before = links.get(key)
  links.set(
    key,
    before === undefined
      ? link
      : {
          ...before,
          asserted: [...before.asserted, ...link.asserted],
          weight: Math.max(before.weight, link.weight),
        },
  )
}

function linksOf(
  model: StoredModel,
  { way, at, condition, weight }: Step,
  { reached, expanded, most }: Pick<Walked, 'reached' | 'expanded'> & { readonly most: number },
): { readonly statement: Statement<LinkRow>; readonly link: (row: LinkRow) => WalkedLink } {
  const readers = readersOf(model, way)
  const conditions = [
    ...sourcesOf(way),
    sql`${idOf(at)} = any(${sql.value([...expanded])}::bigint[])`,
    sql`${idOf(otherEnd[at])} = any(${sql.value([...reached.keys()])}::bigint[])`,
    condition,
  ]
  const [source, join] =
    way.kind === 'reference'
      ? [sql`null::text`, sql.blank]
      : [sql`source.name`, sql`left join sluice_source source on source.source_id = l.source_id`]
  const order = way.kind === 'reference' ? sql.blank : sql`, l.source_id`
  return {
    statement: statement(
      `graph/links ${way.name}`,
      sql`select l.from_id, l.to_id, ${source} as _source, ${weight} as _weight${more(readers.flatMap(({ select }) => select))}
      from ${way.rows} ${join} where ${allOf(conditions)}
      order by l.from_id, l.to_id${order} limit ${sql.value(most)}::bigint`,
    ),
    link: (row) => ({
      kind: way.kind,
      name: way.name,
      from: row.from_id,
      to: row.to_id,
      asserted: way.kind === 'reference' ? [] : [{ source: row._source, properties: valuesOf(readers, row) }],
      at,
      weight: row._weight,
    }),
  }
}

function readersOf(model: StoredModel, way: Way): readonly PropertyReader[] {
  if (way.kind === 'reference') return []
  return way.association.properties.map((property, number) =>
    propertyReader(model, property, sql`l`, number + 1),
  )
}

function valuesOf(readers: readonly PropertyReader[], row: LinkRow) {
  return Object.fromEntries(readers.map(({ property, value }) => [property.name, value(row)]))
}
