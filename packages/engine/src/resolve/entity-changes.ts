/**
 * Turns attached rows into the change set of one entity type: typed values, resolved references,
 * and only the rows in which something really differs.
 *
 * @module
 */
import { identifier, literal } from '@sluice/repository'
import {
  type ChangeTables,
  createEntityChanges,
  entityChangeTable,
  indexEntityChanges,
} from '../terms/change-tables.ts'
import type { EntityShape, MappedReference } from '../terms/entity-shape.ts'
import { becomingLookup } from '../terms/lookups.ts'
import { changeOrphanReferences } from '../terms/orphan-changes.ts'
import { columnNames, tableOf, type Work } from '../terms/work.ts'
import { analyzeTable, manyRows } from '../terms/work-tables.ts'

/**
 * Lays the attached rows into the change table, all typed, references still as they are stored: as `insert`, as
 * `update` where a value differs from what is stored, or as `same`, of which the references may still differ.
 */
export async function addAttachedRows(
  work: Work,
  tables: ChangeTables,
  shape: EntityShape,
  attached: string,
): Promise<void> {
  const mapped = new Map(shape.values.map((value, index) => [value.column, `a.v${index + 1}`]))
  const typed = shape.values.map(({ value, sqlType }, index) => `, (${value})::${sqlType} as v${index + 1}`)
  const differs = [...mapped].map(([name, value]) => `o.${identifier(name)} is distinct from ${value}`)
  const columns = columnNames(shape.type).map((name) => {
    const column = identifier(name)
    return `, ${mapped.get(name) ?? `o.${column}`} as ${column}`
  })
  const { table, count } = await createEntityChanges(
    work,
    tables,
    shape.type.name,
    `select case when o.resource_id is null then 'insert' when ${either(differs)} then 'update' else 'same' end as _operation,
      a.resource_id, a.key as _key, o.xmin as _base_xid, o.ctid as _base_place, null::boolean as _drift${columns.join('')}
    from (select resource_id, ${shape.key} as key${typed.join('')} from ${attached}) a
    left join ${tableOf(shape.type.name)} o on o.resource_id = a.resource_id`,
  )
  if (count >= manyRows) await indexEntityChanges(work, tables, table)
  await analyzeTable(work.session, table, count, 'resource_id')
}

/**
 * Adds the resources of disappeared replicas and those nobody holds, as they are stored. One that another
 * hand has deleted already is among them: what points at it has to let go.
 */
export async function addDeletions(
  work: Work,
  tables: ChangeTables,
  shape: EntityShape,
  deletions: { readonly disappeared?: string | undefined; readonly unattached?: string | undefined },
): Promise<void> {
  if (deletions.disappeared === undefined && deletions.unattached === undefined) return
  const change = await entityChangeTable(work, tables, shape.type.name)
  const names = columnNames(shape.type)
  const table = tableOf(shape.type.name)
  const insert = (key: string, from: string) =>
    work.session.execute(`insert into ${change} (_operation, resource_id, _key, _base_xid, _base_place${list(names)})
      select 'delete', d.resource_id, ${key}, o.xmin, o.ctid${names.map((name) => `, o.${identifier(name)}`).join('')}
      from ${from} d left join ${table} o on o.resource_id = d.resource_id
      where not exists (select from ${change} c where c.resource_id = d.resource_id)`)
  if (deletions.disappeared !== undefined) await insert('d.key', deletions.disappeared)
  const keyColumn = shape.values.find(({ property }) => property === shape.mapping.key)?.column
  const key = keyColumn === undefined ? 'null' : `o.${identifier(keyColumn)}::text`
  if (deletions.unattached !== undefined) await insert(key, deletions.unattached)
}

/** Looks up every mapped reference of the attached rows, and records those that name nobody. */
export async function resolveReferences(
  work: Work,
  tables: ChangeTables,
  shape: EntityShape,
  attached: string,
): Promise<void> {
  const change = tables.entities.get(shape.type.name)
  if (change === undefined || shape.references.length === 0) return
  const sets = shape.references.map(
    ({ column }, index) => `${identifier(column)} = l${index + 1}.resource_id`,
  )
  const differs = shape.references.map(
    ({ column }, index) => `c.${identifier(column)} is distinct from l${index + 1}.resource_id`,
  )
  const decided = `case when c._operation = 'same' and (${either(differs)}) then 'update' else c._operation end`
  const joins = shape.references.map((reference, index) => {
    const needed = `select ${reference.staged} from ${attached} where ${reference.staged} is not null`
    const lookup = becomingLookup(work, tables, reference.property.to, reference.by, needed)
    return `left join ${lookup} l${index + 1} on l${index + 1}.value = a.${reference.staged}`
  })
  await work.session.execute(`update ${change} c set ${sets.join(', ')}, _operation = ${decided}
    from ${attached} a ${joins.join(' ')} where a.resource_id = c.resource_id`)
  for (const reference of shape.references) await recordOrphans(work, tables, shape, attached, reference)
}

/** An orphan is a named target that does not exist. Only differences to the stored orphans are recorded. */
async function recordOrphans(
  work: Work,
  tables: ChangeTables,
  shape: EntityShape,
  attached: string,
  reference: MappedReference,
): Promise<void> {
  const change = tables.entities.get(shape.type.name)
  const property = literal(reference.property.name)
  const orphan = `c.${identifier(reference.column)} is null and a.${reference.staged} is not null`
  await changeOrphanReferences(
    work,
    `select 'delete', s.source_id, s.entity_type, s.resource_id, s.property, s.value
    from ${attached} a
    join ${change} c on c.resource_id = a.resource_id
    join sluice_orphan_reference s on s.resource_id = a.resource_id and s.property = ${property}
    where not (${orphan} and s.value = a.${reference.staged})`,
  )
  await changeOrphanReferences(
    work,
    `select 'insert', ${work.sourceId}, ${literal(shape.type.name)}, a.resource_id, ${property}, a.${reference.staged}
    from ${attached} a
    join ${change} c on c.resource_id = a.resource_id
    where ${orphan} and not exists (
      select from sluice_orphan_reference s
      where s.resource_id = a.resource_id and s.property = ${property} and s.value = a.${reference.staged})`,
  )
}

/** What happens to the mapping's replicas follows from the rows; it is read when it is applied. */
export function addReplicaChanges(
  tables: ChangeTables,
  shape: EntityShape,
  from: { readonly attached?: string | undefined; readonly disappeared?: string | undefined },
): void {
  const { attached, disappeared } = from
  const said = `select case when replica_resource_id is null then 'insert' else 'update' end as operation,
      ${shape.key} as key, resource_id, digest, replica_place as place
    from ${attached} where replica_resource_id is distinct from resource_id or replica_digest is distinct from digest`
  const gone = `select 'delete' as operation, key, resource_id, null::bigint as digest, null::tid as place from ${disappeared}`
  const parts = [...(attached === undefined ? [] : [said]), ...(disappeared === undefined ? [] : [gone])]
  if (parts.length > 0) tables.replicas.set(shape.mapping.name, `(${parts.join(' union all ')})`)
}

/** SQL condition: one of them holds. */
function either(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : conditions.join(' or ')
}

function list(names: readonly string[]): string {
  return names.map((name) => `, ${identifier(name)}`).join('')
}
