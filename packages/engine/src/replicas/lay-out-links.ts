/**
 * What the sets of links of applied rows change: each takes the place of the links that the resource had of its source and of people.
 *
 * @module
 */
import { snakeCase } from '@sluice/model'
import {
  anyOf,
  columnOfRow,
  columnsOf,
  more,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
} from '@sluice/repository'
import type { LinkChangeTable } from '../changes/finish-change-set.ts'
import { people } from '../sql/people.ts'
import type { SharedLinkSet } from '../sql/shared-shape.ts'
import { linkColumns, linksOf } from '../sql/tables.ts'
import { scalarExpression } from '../sql/value-expressions.ts'
import type { OwnReplicas } from './claims.ts'
import { isSound } from './find-faults.ts'
import type { ReadLinkSet } from './read-link-sets.ts'
import type { SharedPart } from './shared-part.ts'

/** `end`: the column in which the tables have the resources of the type. */
export interface LaidOutLinks extends LinkChangeTable {
  readonly end: 'from_id' | 'to_id'
}

export async function layOutLinks(
  part: SharedPart,
  own: OwnReplicas & { readonly found: Table },
  sets: readonly ReadLinkSet[],
): Promise<readonly LaidOutLinks[]> {
  const laidOut: LaidOutLinks[] = []
  for (const read of sets) {
    const { mapping, association } = read.set
    const about = `${part.sourceId}_${association.name}_${mapping.name}`
    const { table } = await part.workTables.fill(
      part.workTables.named('link_changes', about),
      differences(part, own, read),
    )
    laidOut.push({
      source: part.source.name,
      association: association.name,
      table,
      end: mapping.end === 'from' ? 'from_id' : 'to_id',
    })
  }
  return laidOut
}

function differences(
  part: SharedPart,
  own: OwnReplicas & { readonly found: Table },
  read: ReadLinkSet,
): Statement {
  const { set } = read
  const { association, mapping } = set
  const columns = linkColumns(association)
  const id = sql.literal(part.sourceId)
  const end = sql.identifier(mapping.end === 'from' ? 'from_id' : 'to_id')
  const samePair = sql`p.from_id = l.from_id and p.to_id = l.to_id`
  const differs = columns.map((column) => sql`l.${column} is distinct from p.${column}`)
  const theirs = sql`l.source_id in (${id}, ${people}) and l.${end} in (select resource_id from replaced)`
  return statement(
    `replicas/lay-out-links ${mapping.name}`,
    sql`with replaced as (${replacedBy(own, set)}), pairs as (${pairsOf(own, read)})
    select 'delete' as _operation, null::boolean as _drift, l.source_id, l.from_id, l.to_id${more(columns.map((column) => sql`l.${column}`))}
    from ${linksOf(association.name)} l where ${theirs}
      and not exists (select from pairs p where ${samePair}${unlessTheirs(part, differs)})
    union all
    select case when l.from_id is null then 'insert' else 'update' end, null, ${id}, p.from_id, p.to_id${more(columns.map((column) => sql`p.${column}`))}
    from pairs p left join ${linksOf(association.name)} l on l.source_id = ${id} and l.from_id = p.from_id and l.to_id = p.to_id
    where ${anyOf([sql`l.from_id is null`, ...differs])}
      and not exists (select from ${linksOf(association.name)} l where l.source_id = ${people} and ${samePair} and not ${anyOf(differs)})`,
  )
}

/** Of people's links only those stay that are the same in all; a source's own is updated. */
function unlessTheirs({ sourceId }: SharedPart, differs: readonly SQL[]): SQL {
  return sql` and (l.source_id = ${sql.literal(sourceId)} or not ${anyOf(differs)})`
}

function resourceOf(): SQL {
  return sql`coalesce(a._resource_id, f.resource_id)`
}

function appliedRows({ rows, faults, found }: OwnReplicas & { readonly found: Table }): SQL {
  return sql`${rows.table} a left join ${found} f on f._seq = a._seq and f.outcome <> 'error'
    where ${resourceOf()} is not null and ${isSound(faults, sql`a._seq`)}`
}

/** Resources whose set is said anew. */
function replacedBy(own: OwnReplicas & { readonly found: Table }, { column }: SharedLinkSet): SQL {
  return sql`select distinct ${resourceOf()} as resource_id from ${appliedRows(own)} and ${columnOfRow(sql`a`, column)} is not null`
}

/** The links that the rows assert, each once. */
function pairsOf(own: OwnReplicas & { readonly found: Table }, { set, entries }: ReadLinkSet): SQL {
  const { association, mapping } = set
  const [from, to] =
    mapping.end === 'from' ? [sql`x.resource_id`, sql`x.target`] : [sql`x.target`, sql`x.resource_id`]
  const columns = association.properties.flatMap((property) =>
    columnsOf(property).map((column) => {
      const text = sql`(x.properties ->> ${sql.literal(property.name)})`
      const { value } = scalarExpression(property, { property: property.name, column: property.name }, text)
      return sql`(${value})::${typeOf(column)} as ${sql.identifier(snakeCase(property.name))}`
    }),
  )
  return sql`select distinct on (${from}, ${to}) ${from} as from_id, ${to} as to_id${more(columns)}
    from (select ${resourceOf()} as resource_id, e.target, e.properties, e._seq, e.position
      from ${entries} e join (select a._seq, a._resource_id from ${own.rows.table} a) a on a._seq = e._seq
      left join ${own.found} f on f._seq = a._seq and f.outcome <> 'error'
      where ${resourceOf()} is not null and ${isSound(own.faults, sql`e._seq`)}) x
    order by ${from}, ${to}, x._seq desc, x.position`
}
