/**
 * Looks up every mapped reference of the attached rows, and records those that name nobody.
 *
 * @module
 */
import {
  anyOf,
  columnOfRow,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { changeOrphanReferences } from '../changes/orphan-changes.ts'
import type { SourcePart } from '../context/run-context.ts'
import type { Attached } from '../rows/entity-rows.ts'
import type { EntityShape, MappedReference } from '../sql/entity-shape.ts'
import { lookupAfterRun } from '../sql/lookups.ts'
import { orphanReferences } from '../sql/tables.ts'

export async function resolveReferences(
  part: SourcePart,
  changes: EntityChanges,
  { shape, attached }: Attached,
): Promise<void> {
  const table = changes.tables.get(shape.type.name)
  if (attached === undefined || table === undefined || shape.references.length === 0) return
  await run(part.session, pointReferences(part, changes, shape, { attached, table }))
  await run(part.session, recordOrphans(part, shape, { attached, table }))
}

interface Rows {
  readonly attached: Table
  /** Their changes. */
  readonly table: Table
}

function pointReferences(
  part: SourcePart,
  changes: EntityChanges,
  { mapping, references }: EntityShape,
  { attached, table }: Rows,
): Statement {
  const found = references.map((reference, index) => {
    const alias = sql.identifier(`found_${index + 1}`)
    const { staged, by, property } = reference
    const needed = sql`select ${staged} from ${attached} where ${staged} is not null`
    const lookup = lookupAfterRun(part, changes, { entityType: property.to, by }, needed, {
      few: !part.whole,
    })
    return {
      set: sql`${sql.identifier(reference.column)} = ${alias}.resource_id`,
      differs: sql`${columnOfRow(sql`c`, reference.column)} is distinct from ${alias}.resource_id`,
      join: sql`left join ${lookup} ${alias} on ${alias}.value = a.${staged}`,
    }
  })
  const operation = sql`case when c._operation = 'same' and (${anyOf(found.map(({ differs }) => differs))}) then 'update' else c._operation end`
  return statement(
    `resolve/point-references ${mapping.name}`,
    sql`update ${table} c set ${sql.join(
      found.map(({ set }) => set),
      ', ',
    )}, _operation = ${operation}
    from ${attached} a ${sql.join(
      found.map(({ join }) => join),
      ' ',
    )} where a._resource_id = c.resource_id`,
  )
}

/** An orphan is a named target that does not exist. Only differences to the stored orphans are recorded. */
function recordOrphans(part: SourcePart, shape: EntityShape, rows: Rows): Statement {
  return changeOrphanReferences(
    `resolve/record-orphans ${shape.mapping.name}`,
    part.runId,
    unionAll(shape.references.flatMap((reference) => orphanRows(part, shape, reference, rows))),
  )
}

function orphanRows(
  { sourceId }: SourcePart,
  { type }: EntityShape,
  reference: MappedReference,
  { attached, table }: Rows,
): readonly SQL[] {
  const property = sql.literal(reference.property.name)
  const value = sql`a.${reference.staged}`
  const orphan = sql`${columnOfRow(sql`c`, reference.column)} is null and ${value} is not null`
  const waiting = sql`w.resource_id = a._resource_id and w.property = ${property}`
  return [
    sql`select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
    from ${attached} a
    join ${table} c on c.resource_id = a._resource_id
    join ${orphanReferences} w on ${waiting}
    where not (${orphan} and w.value = ${value})`,
    sql`select 'insert', ${sql.literal(sourceId)}, ${sql.literal(type.name)}, a._resource_id, ${property}, ${value}
    from ${attached} a
    join ${table} c on c.resource_id = a._resource_id
    where ${orphan} and not exists (select from ${orphanReferences} w where ${waiting} and w.value = ${value})`,
  ]
}
