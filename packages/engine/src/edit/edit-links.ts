/**
 * Links that people add and remove: theirs beside those of sources, which they leave alone.
 *
 * @module
 */
import type { Association } from '@sluice/model'
import {
  anyOf,
  columnOfRow,
  columnsOf,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
} from '@sluice/repository'
import type { LinkChangeTable } from '../changes/finish-change-set.ts'
import type { RunContext } from '../context/run-context.ts'
import { type End, endId, singleEnd } from '../sql/link-shape.ts'
import { people } from '../sql/people.ts'
import { columnNames, linkColumns, linksOf } from '../sql/tables.ts'
import { scalarExpression } from '../sql/value-expressions.ts'
import {
  ContradictoryEditsError,
  EndTakenError,
  LockedError,
  NoSuchLinkError,
  type Subject,
} from './edit-errors.ts'
import { lockBy } from './locks-of.ts'
import { requireAll, type TypedValue } from './read-edits.ts'

/** A link edit of which both ends are found. */
export interface FoundLink extends Subject {
  readonly association: Association
  readonly fromId: string
  readonly toId: string
  /** `undefined`: to be removed. */
  readonly values: readonly TypedValue[] | undefined
}

/** `released`: the changes by which people's links go with a resource; those of edits come on top. */
export async function layOutLinks(
  context: RunContext,
  links: readonly FoundLink[],
  released: readonly LinkChangeTable[],
): Promise<readonly LinkChangeTable[]> {
  const tables = [...released]
  for (const association of new Set(links.map((link) => link.association))) {
    const edits = { association, links: links.filter((link) => link.association === association) }
    refuseContradictions(edits)
    await refuseStored(context, edits)
    const table = tables.find((one) => one.association === association.name)?.table
    const made = await writeChanges(context, edits, table)
    if (table === undefined) tables.push({ source: null, association: association.name, table: made })
  }
  return tables
}

interface AssociationEdits {
  readonly association: Association
  readonly links: readonly FoundLink[]
}

function refuseContradictions({ association, links }: AssociationEdits): void {
  const single = singleEnd(association)
  links.forEach((link, index) => {
    const before = links.slice(0, index)
    const same = before.find(({ fromId, toId }) => fromId === link.fromId && toId === link.toId)
    if (same !== undefined) throw new ContradictoryEditsError(link.edit, same.edit, `the ${link.name}`)
    if (single === undefined || link.values === undefined) return
    const rival = before.find(
      (other) => other.values !== undefined && idAt(other, single) === idAt(link, single),
    )
    if (rival !== undefined)
      throw new ContradictoryEditsError(link.edit, rival.edit, `the one link at the end "${single}"`)
  })
}

function idAt({ fromId, toId }: FoundLink, end: End): string {
  return end === 'from' ? fromId : toId
}

/** Relation (edit, op, from_id, to_id, v) of the edits. */
function documentOf({ links }: AssociationEdits): SQL {
  const rows = links.map(({ edit, fromId, toId, values }) => ({
    edit,
    op: values === undefined ? 'unlink' : 'link',
    from_id: fromId,
    to_id: toId,
    v: Object.assign({}, ...(values ?? []).map((value) => (value.target === undefined ? value.columns : {}))),
  }))
  return sql`jsonb_to_recordset(${sql.value(JSON.stringify(rows))}::jsonb)
    j(edit integer, op text, from_id bigint, to_id bigint, v jsonb)`
}

interface GivenColumn {
  readonly name: string
  readonly value: SQL
  readonly given: SQL
}

function columnsIn({ association }: AssociationEdits): readonly GivenColumn[] {
  return association.properties.map((property) => {
    const [column] = columnsOf(property)
    const text = sql`(j.v ->> ${sql.literal(column.name)})`
    const { value } = scalarExpression(property, { property: property.name, column: column.name }, text)
    return {
      name: column.name,
      value: sql`(${value})::${typeOf(column)}`,
      given: sql`j.v ? ${sql.literal(column.name)}`,
    }
  })
}

function differing(columns: readonly GivenColumn[], row: SQL): SQL {
  return anyOf(
    columns.map(
      ({ name, value, given }) => sql`${given} and ${columnOfRow(row, name)} is distinct from ${value}`,
    ),
  )
}

const samePair = sql`l.from_id = j.from_id and l.to_id = j.to_id`

interface StoredAbout {
  readonly edit: number
  /** A person's link is there. */
  readonly own: boolean
  /** A source that says this link; and whether the edit would have it otherwise. */
  readonly source: string | null
  readonly differs: boolean | null
  /** The other end of a link that has the single end, and whose link it is. */
  readonly other: string | null
  readonly other_source: string | null
}

async function refuseStored(context: RunContext, edits: AssociationEdits): Promise<void> {
  const { rows } = await run(context.session, storedAbout(edits))
  const stored = new Map(rows.map((row) => [row.edit, row]))
  for (const link of edits.links) {
    const about = stored.get(link.edit)
    if (about !== undefined) refuse(context, edits.association, link, about)
  }
}

function refuse(context: RunContext, association: Association, link: FoundLink, about: StoredAbout): void {
  const { own, source, differs, other, other_source } = about
  const isThere = own || source !== null
  if (link.values === undefined) {
    if (own) return
    if (source !== null) throw new LockedError(link, undefined, lockBy(context, source))
    throw new NoSuchLinkError(link, association.name)
  }
  if (!own && source !== null && differs === true)
    throw new LockedError(link, undefined, lockBy(context, source))
  const end = singleEnd(association)
  if (end !== undefined && other !== null)
    throw new EndTakenError(link, { association: association.name, end, other, source: other_source })
  if (!isThere) requireAll(link, association.properties, link.values)
}

function storedAbout(edits: AssociationEdits): Statement<StoredAbout> {
  const { association } = edits
  const links = linksOf(association.name)
  const theirs = sql`from ${links} l left join sluice_source source on source.source_id = l.source_id
      where ${samePair} and l.source_id <> ${people} order by l.source_id limit 1`
  const single = singleEnd(association)
  const taken =
    single === undefined
      ? sql`select null::bigint as other, null::text as other_source`
      : takenBy(edits, single)
  return statement(
    `edit/find-links ${association.name}`,
    sql`select j.edit, exists (select from ${links} l where ${samePair} and l.source_id = ${people}) as own,
      a.source, a.differs, b.other, b.other_source
    from ${documentOf(edits)}
    left join lateral (select coalesce(source.name, '') as source, ${differing(columnsIn(edits), sql`l`)} as differs ${theirs}) a on true
    left join lateral (${taken}) b on j.op = 'link'`,
  )
}

/** The link of which a single end has one already, unless the same request removes it. */
function takenBy(edits: AssociationEdits, single: End): SQL {
  const { association, links } = edits
  const other = single === 'from' ? sql`l.to_id` : sql`l.from_id`
  const removed = links
    .filter(({ values }) => values === undefined)
    .map(
      ({ fromId, toId }) =>
        sql`(l.from_id = ${sql.value(fromId)}::bigint and l.to_id = ${sql.value(toId)}::bigint)`,
    )
  const stays =
    removed.length === 0 ? sql.blank : sql` and not (l.source_id = ${people} and ${anyOf(removed)})`
  return sql`select ${other} as other, source.name as other_source
    from ${linksOf(association.name)} l left join sluice_source source on source.source_id = l.source_id
    where l.${endId(single)} = j.${endId(single)} and not (${samePair})${stays}
    order by l.source_id limit 1`
}

async function writeChanges(
  { session, workTables }: RunContext,
  edits: AssociationEdits,
  into: Table | undefined,
): Promise<Table> {
  const { name } = edits.association
  const rows = changesOf(edits)
  if (into === undefined) {
    const filled = await workTables.fill(
      workTables.named('link_changes', `people_${name}`),
      statement(`edit/lay-out-links ${name}`, rows),
    )
    return filled.table
  }
  await run(session, statement(`edit/lay-out-links ${name}`, sql`insert into ${into} ${rows}`))
  return into
}

/** What a source says anyhow needs no link of a person's. */
function changesOf(edits: AssociationEdits): SQL {
  const { association } = edits
  const given = new Map(columnsIn(edits).map((column) => [column.name, column]))
  const columns = columnNames(association).map((name) => {
    const column = given.get(name)
    const stored = columnOfRow(sql`l`, name)
    const becomes =
      column === undefined ? stored : sql`case when ${column.given} then ${column.value} else ${stored} end`
    return sql`${becomes} as ${sql.identifier(name)}`
  })
  const links = linksOf(association.name)
  const differs = differing([...given.values()], sql`l`)
  return sql`select x._operation, null::boolean as _drift, ${people} as source_id, x.from_id, x.to_id${more(linkColumns(association).map((column) => sql`x.${column}`))}
    from (
      select case when j.op = 'unlink' then 'delete' when l.from_id is null then 'insert'
          when ${differs} then 'update' end as _operation,
        j.from_id, j.to_id${more(columns)}
      from ${documentOf(edits)} left join ${links} l on ${samePair} and l.source_id = ${people}
      where j.op = 'unlink' or l.from_id is not null
        or not exists (select from ${links} l where ${samePair})) x
    where x._operation is not null`
}
