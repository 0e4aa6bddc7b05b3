/**
 * What a run changes in types and associations that its own rows say nothing of, and what other sources lose by it.
 *
 * @module
 */
import { type AssociationReport, type EntityReport, fills, ownershipOf } from '@sluice/model'
import { anyOf, columnOf, one, run, type Statement, sql, statement, Table } from '@sluice/repository'
import { type ChangeSet, type EntityChangeEntry, sizeOf } from '../changes/change-set.ts'
import type { Elsewhere } from '../changes/produced.ts'
import { entityTypeOf, type SourcePart, sourcesByName } from '../context/run-context.ts'
import { people } from '../sql/people.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import { orphansOf } from './source-report.ts'

type Changes = Pick<ChangeSet, 'entities' | 'links'>

export async function reportElsewhere(part: SourcePart, changes: Changes): Promise<Elsewhere> {
  const touched = changes.entities.filter(
    (entry) => sizeOf(entry) > 0 && !part.source.entities.some((mapping) => fills(mapping, entry.entityType)),
  )
  const entities: EntityReport[] = []
  const losing = new Map<string, number>()
  for (const entry of touched) {
    entities.push(await entityElsewhere(part, entry))
    losing.set(entry.entityType, await countLosing(part, entry))
  }
  const associations: AssociationReport[] = []
  for (const entry of changes.links) {
    if (entry.source === part.source.name || sizeOf(entry) === 0) continue
    associations.push(await associationElsewhere(part, entry))
  }
  return { entities, associations, losing }
}

/** By how much the mappings of sources grow that the run itself says nothing of. What is people's is counted for nobody. */
export function growthElsewhere({ entities, associations }: Elsewhere): ChangeSet['stored'] {
  return [...entities, ...associations].flatMap((one) =>
    one.source === null || growthOf(one) === 0
      ? []
      : [
          {
            source: one.source,
            mapping: one.mapping,
            stored: null,
            growth: growthOf(one),
            rejected: null,
          },
        ],
  )
}

export function growthOf({ changes }: Pick<EntityReport, 'changes'>): number {
  return changes.inserted - changes.deleted
}

async function entityElsewhere(
  part: SourcePart,
  { entityType, counts }: EntityChangeEntry,
): Promise<EntityReport> {
  const { owners } = ownershipOf(sourcesByName(part.sources), entityType)
  const [owner] = owners
  return {
    mapping: entityType,
    source: owner?.source.name ?? null,
    rows: null,
    changes: counts,
    stored: Number((await one(part.session, countStored(entityType))).count),
    withheld: 0,
    stillRejected: 0,
    orphanReferences: await orphansOf(part, entityTypeOf(part.model, entityType)),
  }
}

async function associationElsewhere(
  { session }: SourcePart,
  { source, association, counts }: Changes['links'][number],
): Promise<AssociationReport> {
  const { rows } = await run(session, countLinks(source, association))
  const stored = Number(rows[0]?.count ?? 0)
  return { mapping: association, source, rows: null, changes: counts, stored, withheld: 0, stillRejected: 0 }
}

function countStored(entityType: string): Statement<{ count: string }> {
  return statement(
    `produce/count-stored-elsewhere ${entityType}`,
    sql`select count(*) as count from ${resourcesOf(entityType)}`,
  )
}

function countLinks(source: string | null, association: string): Statement<{ count: string }> {
  const whose =
    source === null
      ? sql`${people}`
      : sql`(select source_id from sluice_source where name = ${sql.value(source)})`
  return statement(
    `produce/count-links-elsewhere ${association}`,
    sql`select count(*) as count from ${linksOf(association)} l where l.source_id = ${whose}`,
  )
}

/** Resources of which a reference that pointed somewhere is emptied, or points somewhere else. */
async function countLosing({ session, model }: SourcePart, entry: EntityChangeEntry): Promise<number> {
  const references = entityTypeOf(model, entry.entityType).properties.filter(
    ({ type }) => type === 'reference',
  )
  if (references.length === 0) return 0
  const lost = references.map((property) => {
    const column = sql.identifier(columnOf(property))
    return sql`(o.${column} is not null and o.${column} is distinct from c.${column})`
  })
  const counted = statement<{ count: string }>(
    `produce/count-losing ${entry.entityType}`,
    sql`select count(*) as count from ${new Table(entry.table)} c
    join ${resourcesOf(entry.entityType)} o on o.resource_id = c.resource_id
    where c._operation = 'update' and ${anyOf(lost)}`,
  )
  return Number((await one(session, counted)).count)
}
