/**
 * References to what an earlier row of the same run makes, or calls so: rows are taken in their order.
 *
 * References that have to name something are not among them: a row without its target is none yet, and its next run makes it.
 *
 * @module
 */
import { isA, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import { byId, namedBy } from '../sql/lookups.ts'
import { type SharedReference, textsOf } from '../sql/shared-shape.ts'
import type { OwnReplicas } from './claims.ts'
import { notFoundText } from './find-faults.ts'
import { referencesOf, targetOf } from './read-rows.ts'
import type { SharedPart } from './shared-part.ts'

/** `found`: rows that have just found or made their resource; `changes`: of the type, as far as they are laid out. */
interface EarlierRows {
  readonly found: Table
  readonly changes: Table
}

/** Table (_seq) of the rows of which a reference names something now; `undefined`: of none. */
export async function nameEarlierRows(
  part: SharedPart,
  own: OwnReplicas,
  of: EarlierRows,
): Promise<Table | undefined> {
  const { model, session, shape, workTables } = part
  if (own.rows.count === 0) return undefined
  const named = workTables.named('named', shape.mapping.name)
  let count: number | undefined
  for (const [n, reference] of referencesOf(part).entries()) {
    const { property, by, update } = reference
    if (property.required || !update || by === byId || !isA(model, shape.type.name, property.to)) continue
    const table = workTables.named('named', `${shape.mapping.name}_${property.name}`)
    const query = namesOf(part, own, of, { n, reference })
    const filled = await workTables.fill(table, query)
    if (filled.count === 0) continue
    await run(session, point(part, own, table, n))
    await run(session, forgive(part, own, table, { n, reference }))
    if (count === undefined) await workTables.fill(named, seqsOf(part, table))
    else await run(session, addSeqs(part, named, table))
    count = (count ?? 0) + filled.count
  }
  return count === undefined ? undefined : named
}

interface Numbered {
  readonly n: number
  readonly reference: SharedReference
}

function nameIn({ reference }: Numbered, alias: SQL): SQL {
  return sql`nullif(${textsOf(reference, alias)[0]}, '')`
}

function namesOf(part: SharedPart, { rows }: OwnReplicas, of: EarlierRows, reference: Numbered): Statement {
  const { shape } = part
  const { by = byId } = reference.reference
  const name = nameIn(reference, sql`b`)
  return statement(
    `replicas/name-earlier-rows ${shape.mapping.name}`,
    sql`select b._seq, min(c.resource_id) as resource_id from ${rows.table} b
      join ${of.changes} c on c._operation <> 'delete' and ${namedBy(part, shape.type.name, by, sql`c`)} = ${name}
      join (select coalesce(r._resource_id, f.resource_id) as resource_id, min(r._seq) as _seq
        from ${rows.table} r left join ${of.found} f on f._seq = r._seq and f.outcome <> 'error' group by 1) m
        on m.resource_id = c.resource_id and m._seq < b._seq
      where ${targetOf(sql`b`, reference.n).count} = 0 and ${name} is not null
      group by b._seq having count(*) = 1`,
  )
}

function point({ shape }: SharedPart, { rows }: OwnReplicas, named: Table, n: number): Statement {
  return statement(
    `replicas/point-to-earlier-rows ${shape.mapping.name}`,
    sql`update ${rows.table} a set ${sql.identifier(`_target_${n}`)} = x.resource_id, ${sql.identifier(`_targets_${n}`)} = 1
    from ${named} x where x._seq = a._seq`,
  )
}

function forgive(
  { shape }: SharedPart,
  { rows, faults }: OwnReplicas,
  named: Table,
  { reference }: Numbered,
): Statement {
  return statement(
    `replicas/forgive-earlier-rows ${shape.mapping.name}`,
    sql`delete from ${faults} b using ${rows.table} a, ${named} x
    where a._seq = x._seq and b._seq = x._seq and b.code = 'reference_not_found' and b.text = ${notFoundText(reference, sql`a`)}`,
  )
}

function seqsOf({ shape }: SharedPart, named: Table): Statement {
  return statement(`replicas/named-rows ${shape.mapping.name}`, sql`select x._seq from ${named} x`)
}

function addSeqs({ shape }: SharedPart, all: Table, named: Table): Statement {
  return statement(
    `replicas/add-named-rows ${shape.mapping.name}`,
    sql`insert into ${all} (_seq) select x._seq from ${named} x`,
  )
}
