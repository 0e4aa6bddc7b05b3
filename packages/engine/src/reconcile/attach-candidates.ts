/**
 * Decides which resource each candidate row belongs to: the one its replica stands for, one that
 * nobody owns but that has the same key, or a new one.
 *
 * @module
 */
import { ownershipOf, ownsAlone } from '@sluice/model'
import { columnOfRow, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import { analyzeTable } from '../context/work-tables.ts'
import type { Attached, Compared, ExternalWrites } from '../rows/entity-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import { resourcesOf } from '../sql/tables.ts'

/** Gives every candidate a `_resource_id`; the candidates themselves are attached where all have a replica. */
export async function attachCandidates(part: SourcePart, compared: Compared): Promise<Attached> {
  const { session, workTables } = part
  const { shape, candidates, external } = compared
  if (candidates.count === 0) return { ...compared, attached: undefined }
  if (candidates.unknown === 0) return { ...compared, attached: candidates.table }
  const ownership = ownershipOf(sourcesByName(part.sources), shape.type.name)
  const unattached = ownsAlone(ownership, part.source) ? external : undefined
  const { table } = await workTables.fill(
    workTables.named('attached', shape.mapping.name),
    attachedRows(shape, compared, unattached),
  )
  await analyzeTable(session, table, candidates.count, '_resource_id')
  return { ...compared, attached: table }
}

function attachedRows(
  shape: EntityShape,
  { candidates }: Compared,
  external: ExternalWrites | undefined,
): Statement {
  const staged = [...shape.columns, ...shape.composed.map(({ name }) => name)]
  const kept = [...staged, '_digest', '_replica_resource_id', '_replica_digest', '_replica_place']
  const columns = sql.join(
    kept.map((name) => columnOfRow(sql`a`, name)),
    ', ',
  )
  const adopted = adoption(shape, candidates.table, external)
  return statement(
    `reconcile/attach ${shape.mapping.name}`,
    sql`select ${columns}, coalesce(a._resource_id, ${adopted ? sql`u.resource_id, ` : sql.blank}nextval('sluice_resource_id')) as _resource_id
    from ${candidates.table} a${adopted ?? sql.blank}`,
  )
}

/**
 * Join: the resource `u` that nobody owns and that answers to the row's key. One that somebody deleted comes back under
 * its id, so that everything that points at it holds.
 */
function adoption(
  shape: EntityShape,
  candidates: SQL | Compared['candidates']['table'],
  external: ExternalWrites | undefined,
): SQL | undefined {
  const key = shape.values.find(({ property }) => property === shape.mapping.key)
  if (external === undefined || external.unattachedCount === 0 || key === undefined) return undefined
  return sql` left join (
      select n._row, h.resource_id
      from (select min(o.resource_id) as resource_id, o.${sql.identifier(key.column)} as value
        from ${resourcesOf(shape.type.name)} o join ${external.unattached} e on e.resource_id = o.resource_id group by 2) h
      join (select _row, ${key.value} as value from ${candidates} where _replica_resource_id is null) n
        on n.value = h.value
    ) u on u._row = a._row`
}
