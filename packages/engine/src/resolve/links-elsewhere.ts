/**
 * Links that the run does not deliver, one of whose ends arrives or goes.
 *
 * @module
 */
import type { Association, AssociationMapping, Source } from '@sluice/model'
import { identifier, literal } from '@sluice/repository'
import { type ChangeTables, linkChangeTable } from '../terms/change-tables.ts'
import { linkShape } from '../terms/link-shape.ts'
import { arrivingRows, becomingLookup, lookupValue } from '../terms/lookups.ts'
import { familyNames, type SourceIds, tableOf, type Work } from '../terms/work.ts'

interface FilledAssociation {
  readonly source: Source
  readonly sourceId: number
  readonly mapping: AssociationMapping
  readonly association: Association
}

/** `delivered` are the associations whose links this run's own files decide. */
export async function resolveLinksElsewhere(
  work: Work,
  tables: ChangeTables,
  sourceIds: SourceIds,
  delivered: ReadonlySet<string>,
): Promise<void> {
  for (const filled of filledAssociations(work, sourceIds)) {
    if (filled.source.name === work.source.name && delivered.has(filled.mapping.name)) continue
    await dropLinksOfDeleted(work, tables, filled)
    await takeUpWaitingLinks(work, tables, filled)
  }
}

function filledAssociations(work: Work, sourceIds: SourceIds): readonly FilledAssociation[] {
  return [...work.configuration.sources.values()].flatMap((source) =>
    source.associations.flatMap((mapping): readonly FilledAssociation[] => {
      const association = work.model.associations.get(mapping.association)
      const sourceId = sourceIds.get(source.name)
      return association === undefined || sourceId === undefined
        ? []
        : [{ source, sourceId, mapping, association }]
    }),
  )
}

/** A link goes with either end, and waits as an orphan for the end to come back. */
async function dropLinksOfDeleted(
  work: Work,
  tables: ChangeTables,
  filled: FilledAssociation,
): Promise<void> {
  const { association, mapping, sourceId } = filled
  const deleted = (entityType: string) =>
    familyNames(work.model, entityType).flatMap((name) => {
      const change = tables.entities.get(name)
      return change === undefined ? [] : [`select resource_id from ${change} where operation = 'delete'`]
    })
  const gone = [
    ...deleted(association.from).map((query) => `l.from_id in (${query})`),
    ...deleted(association.to).map((query) => `l.to_id in (${query})`),
  ]
  if (gone.length === 0) return
  const change = await linkChangeTable(work, tables, filled.source.name, association.name)
  const columns = linkShape(work.model, mapping).values.map(({ column }) => identifier(column))
  const from = `from ${tableOf(association.name)} l where l.source_id = ${sourceId} and (${gone.join(' or ')})`
  await work.session.execute(`insert into ${change} (operation, source_id, from_id, to_id${columns.map((c) => `, ${c}`).join('')})
    select 'delete', l.source_id, l.from_id, l.to_id${columns.map((c) => `, l.${c}`).join('')} ${from}`)
  await work.session.execute(`insert into ${tables.orphanLinks}
    select 'insert', ${sourceId}, ${literal(association.name)}, f.value, t.value, ${propertiesOf(filled, 'c')}
    from ${change} c
    join ${storedEnds(work, association.from, mapping.from.by)} f on f.resource_id = c.from_id
    join ${storedEnds(work, association.to, mapping.to.by)} t on t.resource_id = c.to_id
    where c.operation = 'delete' and f.value is not null and t.value is not null`)
}

function storedEnds(work: Work, entityType: string, by: string): string {
  const parts = familyNames(work.model, entityType).map(
    (name) => `select o.resource_id, ${lookupValue(work, name, by, 'o')} as value from ${tableOf(name)} o`,
  )
  return `(${parts.join(' union all ')})`
}

function propertiesOf(filled: FilledAssociation, row: string): string {
  const pairs = filled.mapping.properties.map(({ property }) => property)
  const shape = filled.association.properties.filter(({ name }) => pairs.includes(name))
  if (shape.length === 0) return 'null::jsonb'
  return `jsonb_build_object(${shape.map(({ name }) => `${literal(name)}, ${row}.${identifier(name)}::text`).join(', ')})`
}

async function takeUpWaitingLinks(
  work: Work,
  tables: ChangeTables,
  filled: FilledAssociation,
): Promise<void> {
  const { association, mapping, sourceId } = filled
  const arrivals = [
    ...arrivalCondition(arrivingRows(work, tables, association.from, mapping.from.by), 'from_value'),
    ...arrivalCondition(arrivingRows(work, tables, association.to, mapping.to.by), 'to_value'),
  ]
  if (arrivals.length === 0) return
  const waiting = `select w.* from sluice_orphan_link w
    where w.source_id = ${sourceId} and w.association = ${literal(association.name)} and (${arrivals.join(' or ')})`
  const shape = linkShape(work.model, mapping)
  const columns = shape.values.map(({ column }) => identifier(column))
  const texts = shape.values.map(
    ({ property, staged }) => `w.properties ->> ${literal(property)} as ${staged}`,
  )
  const typed = shape.values.map(({ value }, index) => `${value} as v${index + 1}`)
  const change = await linkChangeTable(work, tables, filled.source.name, association.name)
  const from = becomingLookup(
    work,
    tables,
    association.from,
    mapping.from.by,
    `select from_value from (${waiting}) x`,
  )
  const to = becomingLookup(
    work,
    tables,
    association.to,
    mapping.to.by,
    `select to_value from (${waiting}) x`,
  )
  const resolved = `from (select from_value, to_value, properties${typed.map((t) => `, ${t}`).join('')}
      from (select w.*${texts.map((t) => `, ${t}`).join('')} from (${waiting}) w) w) w
    join ${from} f on f.value = w.from_value and f.resource_id is not null
    join ${to} t on t.value = w.to_value and t.resource_id is not null`
  await work.session.execute(`insert into ${tables.orphanLinks}
    select 'delete', ${sourceId}, ${literal(association.name)}, w.from_value, w.to_value, w.properties ${resolved}`)
  await work.session.execute(`insert into ${change} (operation, source_id, from_id, to_id${columns.map((c) => `, ${c}`).join('')})
    select 'insert', ${sourceId}, f.resource_id, t.resource_id${columns.map((_, index) => `, w.v${index + 1}`).join('')} ${resolved}`)
}

function arrivalCondition(arriving: string | undefined, column: string): readonly string[] {
  return arriving === undefined ? [] : [`w.${column} in (select value from (${arriving}) a)`]
}
