/**
 * Links that the run does not deliver, one of whose ends arrives, goes, or is renamed.
 *
 * They follow the same rule as references: what the source named is looked up in the repository as it
 * becomes, and waits as an orphan where nobody answers to it.
 *
 * @module
 */
import type { Association, AssociationMapping, Source } from '@sluice/model'
import { identifier, linkColumns, literal } from '@sluice/repository'
import { type ChangeTables, linkChangeTable } from '../terms/change-tables.ts'
import { linkProperties, singleEnd } from '../terms/link-shape.ts'
import { becomingLookup, lookupValue, withMoving } from '../terms/lookups.ts'
import { changeOrphanLinks } from '../terms/orphan-changes.ts'
import { countOf, familyNames, type SourceIds, tableOf, type Work } from '../terms/work.ts'
import { createWorkTable, dropWorkTables, workTable } from '../terms/work-tables.ts'

/** One association as one source fills it. */
export interface FilledAssociation {
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
    await lookUpAgain(work, tables, filled)
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

/** Collects the links and orphans of which an end moves, then decides about each of them once. */
async function lookUpAgain(work: Work, tables: ChangeTables, filled: FilledAssociation): Promise<void> {
  const affected = await collectMoving(work, tables, filled)
  if ((await countOf(work.session, affected)) > 0) {
    await work.session.execute(`analyze ${affected}`)
    await decide(work, tables, filled, affected)
  }
  await dropWorkTables(work, [affected])
}

/** Creates a table for links (from_id, to_id) and orphans (no ids) with what the source called the ends, and the columns. */
export async function createAffected(work: Work, association: Association): Promise<string> {
  const affected = workTable(work, 'affected', association.name)
  const columns = linkColumns(association).map(({ name }) => `, l.${identifier(name)}`)
  await createWorkTable(
    work,
    affected,
    `select l.from_id, l.to_id, null::text collate "C" as _from_value, null::text collate "C" as _to_value${columns.join('')}
    from ${tableOf(association.name)} l where false`,
  )
  return affected
}

/** Those of which an end moves. */
export async function collectMoving(
  work: Work,
  tables: ChangeTables,
  filled: FilledAssociation,
): Promise<string> {
  const { association, mapping } = filled
  const affected = await createAffected(work, association)
  const ends = { from: [association.from, mapping.from.by], to: [association.to, mapping.to.by] } as const
  for (const end of ['from', 'to'] as const) {
    const [entityType, by] = ends[end]
    await withMoving(work, tables, entityType, by, async (moving) => {
      await collectWaiting(work, filled, affected, `w.${end}_value in (select value from ${moving.values})`)
      await collectStored(
        work,
        filled,
        affected,
        `l.${end}_id in (select resource_id from ${moving.resources})`,
      )
    })
  }
  return affected
}

export async function collectWaiting(
  work: Work,
  { association, sourceId }: FilledAssociation,
  affected: string,
  condition: string,
): Promise<void> {
  const typed = linkColumns(association).map(
    ({ name, sqlType }) => `, (w.properties ->> ${literal(name)})::${sqlType} as ${identifier(name)}`,
  )
  await work.session.execute(`insert into ${affected}
    select null, null, w.from_value, w.to_value${typed.join('')} from sluice_orphan_link w
    where w.source_id = ${sourceId} and w.association = ${literal(association.name)} and ${condition}
      and not exists (select from ${affected} a where a._from_value = w.from_value and a._to_value = w.to_value)`)
}

/** A link does not keep what its source called the ends: it is what they answer to now. */
export async function collectStored(
  work: Work,
  { association, mapping, sourceId }: FilledAssociation,
  affected: string,
  condition: string,
): Promise<void> {
  const columns = linkColumns(association).map(({ name }) => `, l.${identifier(name)}`)
  await work.session.execute(`insert into ${affected}
    select l.from_id, l.to_id, f.value, t.value${columns.join('')} from ${tableOf(association.name)} l
    left join ${storedEnds(work, association.from, mapping.from.by)} f on f.resource_id = l.from_id
    left join ${storedEnds(work, association.to, mapping.to.by)} t on t.resource_id = l.to_id
    where l.source_id = ${sourceId} and ${condition}
      and not exists (select from ${affected} a where a.from_id = l.from_id and a.to_id = l.to_id)`)
}

function storedEnds(work: Work, entityType: string, by: string): string {
  const parts = familyNames(work.model, entityType).map(
    (name) => `select o.resource_id, ${lookupValue(work, name, by, 'o')} as value from ${tableOf(name)} o`,
  )
  return `(${parts.join(' union all ')})`
}

async function decide(
  work: Work,
  tables: ChangeTables,
  filled: FilledAssociation,
  affected: string,
): Promise<void> {
  const { association, mapping, sourceId } = filled
  const change = await linkChangeTable(work, tables, filled.source.name, association.name)
  const lookup = (end: 'from' | 'to') =>
    becomingLookup(work, tables, association[end], mapping[end].by, `select _${end}_value from ${affected}`)
  const found = `from ${affected} a
    left join ${lookup('from')} f on f.value = a._from_value left join ${lookup('to')} t on t.value = a._to_value`
  const single = singleEnd(association)
  if (single !== undefined) {
    // Whoever arrives takes the one place there is; who holds it is looked at as well.
    const arriving = `select ${single === 'from' ? 'f' : 't'}.resource_id ${found} where a.from_id is null`
    await collectStored(work, filled, affected, `l.${single}_id in (${arriving})`)
  }
  const columns = linkColumns(association).map(({ name }) => identifier(name))
  const names = columns.map((column) => `, ${column}`).join('')
  const values = columns.map((column) => `, a.${column}`).join('')
  const known = 'f.resource_id is not null and t.resource_id is not null'
  const stays = 'a.from_id is not distinct from f.resource_id and a.to_id is not distinct from t.resource_id'
  // Another hand may have made the link already; one that is looked at here makes way.
  const there = `exists (select from ${tableOf(association.name)} l
    where l.source_id = ${sourceId} and l.from_id = f.resource_id and l.to_id = t.resource_id
      and not exists (select from ${affected} x where x.from_id = l.from_id and x.to_id = l.to_id))`
  await work.session.execute(`insert into ${change} (_operation, source_id, from_id, to_id${names})
    select 'delete', ${sourceId}, a.from_id, a.to_id${values} ${found} where a.from_id is not null and not (${stays})
    union all
    select 'insert', ${sourceId}, f.resource_id, t.resource_id${values} ${found} where ${known} and not (${stays}) and not ${there}`)
  await changeOrphanLinks(
    work,
    `select 'delete', ${sourceId}, ${literal(association.name)}, a._from_value, a._to_value, null ${found}
    where a.from_id is null and ${known}
    union all
    select 'insert', ${sourceId}, ${literal(association.name)}, a._from_value, a._to_value, ${linkProperties(association, 'a')} ${found}
    where a.from_id is not null and not (${known}) and a._from_value is not null and a._to_value is not null`,
  )
}
