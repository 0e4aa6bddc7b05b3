/**
 * What the stored graph of a source is made of: kinds with the attributes of their nodes, and the ways between them.
 *
 * @module
 */
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'
import { storedNodes, storedRelationships } from './tables.ts'

export interface StoredKinds {
  /** By kind; `null`: the graph is too large to be read for them. */
  readonly kinds: Readonly<Record<string, { readonly attrs: string[] | null }>>
  /** From the one node to the other; absent for the same reason. */
  readonly rels?: readonly KindRelationship[]
}

interface KindRelationship {
  readonly kind: string
  readonly from: string
  readonly fromRole: string
  readonly to: string
  readonly toRole: string
}

/** Nodes, or relationships, that are read within a second or so. */
const mostRead = 200_000

/** Somebody waits for it, so of a large graph only the kinds are found. */
export async function readStoredKinds(session: Session, sourceId: number): Promise<StoredKinds> {
  const size = (await run(session, sizeOf(sourceId))).rows[0]
  const whole = size !== undefined && size.nodes <= mostRead && size.relationships <= mostRead
  if (!whole) {
    const { rows } = await run(session, kindsAlone(sourceId))
    return { kinds: Object.fromEntries(rows.map(({ kind }) => [kind, { attrs: null }])) }
  }
  const kinds = (await run(session, kindsOf(sourceId))).rows.map((row) => kindSchema.parse(row))
  const { rows: rels } = await run(session, waysOf(sourceId))
  return { kinds: Object.fromEntries(kinds.map(({ kind, attrs }) => [kind, { attrs }])), rels }
}

const kindSchema = z.object({ kind: z.string(), attrs: z.array(z.string()) })

function sizeOf(sourceId: number): Statement<{ readonly nodes: number; readonly relationships: number }> {
  const upTo = (table: typeof storedNodes) =>
    sql`(select count(*)::int from (select from ${table} where source_id = ${sql.literal(sourceId)} limit ${sql.literal(mostRead + 1)}) c)`
  return statement(
    'graph/size-of-graph',
    sql`select ${upTo(storedNodes)} as nodes, ${upTo(storedRelationships)} as relationships`,
  )
}

function kindsAlone(sourceId: number): Statement<{ readonly kind: string }> {
  return statement(
    'graph/kinds-alone',
    sql`select distinct kind from ${storedNodes} where source_id = ${sql.literal(sourceId)} order by kind`,
  )
}

function kindsOf(sourceId: number): Statement {
  return statement(
    'graph/kinds',
    sql`select n.kind, coalesce(array_agg(distinct a.name order by a.name) filter (where a.name is not null), '{}') as attrs
    from ${storedNodes} n left join lateral json_object_keys(n.attributes::json) a(name) on true
    where n.source_id = ${sql.literal(sourceId)} group by n.kind order by n.kind`,
  )
}

function waysOf(sourceId: number): Statement<KindRelationship> {
  const own = sql.literal(sourceId)
  return statement(
    'graph/ways-of-kinds',
    sql`select distinct r.kind, f.kind as "from", r.from_role as "fromRole", t.kind as "to", r.to_role as "toRole"
    from ${storedRelationships} r
    join ${storedNodes} f on f.source_id = ${own} and f.id = r.from_id
    join ${storedNodes} t on t.source_id = ${own} and t.id = r.to_id
    where r.source_id = ${own} order by 1, 2, 3, 4, 5`,
  )
}
