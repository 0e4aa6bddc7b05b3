/**
 * Puts the counts of a source's part in a run together so that every row read ends in exactly one place.
 *
 * @module
 */
import type {
  AssociationReport,
  AssociationRows,
  ChangeCounts,
  EntityReport,
  EntityRows,
  EntityType,
} from '@sluice/model'
import { one, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import type { ChangeSet, EntityChangeEntry } from '../changes/change-set.ts'
import { orphanReferenceChanges } from '../changes/orphan-changes.ts'
import type { RunContext, SourcePart } from '../context/run-context.ts'
import type { Loaded } from '../resolve/first-load/load-straight.ts'
import type { ResolvedLinks } from '../resolve/links/resolve-links.ts'
import { type Attached, type ComparedRows, noRows } from '../rows/entity-rows.ts'
import type { RowCounts } from '../rows/staged-rows.ts'
import { orphanReferences, replicasOf } from '../sql/tables.ts'

const none: ChangeCounts = { inserted: 0, updated: 0, deleted: 0 }

type Changes = Pick<ChangeSet, 'entities' | 'links'>

/** Of a mapping whose rows were compared. */
export async function comparedReport(
  part: SourcePart,
  changes: Changes,
  entity: Attached,
): Promise<EntityReport> {
  const { shape, rows, found } = entity
  const entry = changes.entities.find(({ entityType }) => entityType === shape.type.name)
  const counts = entry?.counts ?? none
  const updated = entry === undefined || counts.updated === 0 ? 0 : await updatedRows(part, entity, entry)
  const placed = accounted(rows.counts, found, { inserted: counts.inserted, updated })
  return await entityReport(part, entity, { rows: placed, changes: counts, found })
}

/** Of a mapping whose rows were loaded straight. */
export async function loadedReport(
  part: SourcePart,
  changes: Changes,
  entity: Loaded,
): Promise<EntityReport> {
  const { shape, rows, inserted, rejected } = entity
  const counts = changes.entities.find(({ entityType }) => entityType === shape.type.name)?.counts ?? none
  const all = { ...counts, inserted: counts.inserted + inserted }
  const placed = accounted(
    rows.counts,
    { ...noRows, rejected },
    { inserted: all.inserted, updated: counts.updated },
  )
  return await entityReport(part, entity, { rows: placed, changes: all, found: noRows })
}

async function entityReport(
  part: SourcePart,
  { shape, stored }: Pick<Attached, 'shape' | 'stored'>,
  { rows, changes, found }: Pick<EntityReport, 'rows' | 'changes'> & Pick<Attached, 'found'>,
): Promise<EntityReport> {
  return {
    mapping: shape.mapping.name,
    source: part.source.name,
    rows,
    changes,
    withheld: found.withheld,
    stillRejected: found.stillRejected,
    stored,
    orphanReferences: await orphansOf(part, shape.type),
  }
}

/**
 * Side effects may update resources that other sources deliver (under the same key, even), or none does:
 * only those of which there is a good row count as rows. Every replica has one, but for the withheld.
 */
async function updatedRows(part: SourcePart, entity: Attached, entry: EntityChangeEntry): Promise<number> {
  const { shape, attached, rows, found } = entity
  // Without references nothing but its own rows changes a type.
  if (!hasReferences(shape.type)) return entry.counts.updated
  const inAttached = sql`exists (select from ${attached ?? sql.blank} a where a._resource_id = c.resource_id)`
  const own = attached === undefined ? 0 : await countUpdated(part, entry, inAttached)
  // What commands do not name are no rows of theirs.
  if (rows.commands) return own
  const { name } = shape.mapping
  const replica = sql`exists (select from ${replicasOf(part.source.name, shape.type.name)} r
    where r.key = c._key and r.resource_id = c.resource_id)`
  const staged = sql`exists (select from ${rows.table} s where s.${shape.key} = c._key)`
  const rejected = async () => sql`not exists (select from ${await part.rejectedRows.table()} x
    where x.mapping = ${sql.literal(name)} and x.key = c._key)`
  const delivered = [
    replica,
    ...(found.withheld === 0 ? [] : [staged]),
    ...(found.rejected === 0 ? [] : [await rejected()]),
    ...(attached === undefined ? [] : [sql`not ${inAttached}`]),
  ]
  // Two counts, because PostgreSQL answers an "or" of two "exists" by hashing every replica.
  return own + (await countUpdated(part, entry, sql.join(delivered, ' and ')))
}

async function countUpdated(
  { session }: RunContext,
  { entityType, table }: EntityChangeEntry,
  condition: SQL,
): Promise<number> {
  const counted = statement<{ count: number }>(
    `produce/count-updated-rows ${entityType}`,
    sql`select count(*)::int as count from ${new Table(table)} c where _operation = 'update' and ${condition}`,
  )
  return (await one(session, counted)).count
}

function hasReferences({ properties }: EntityType): boolean {
  return properties.some(({ type }) => type === 'reference')
}

/** Puts every row that was read into one place; what no change came from is unchanged. */
export function accounted(
  counts: RowCounts,
  found: ComparedRows,
  changed: { readonly inserted: number; readonly updated: number },
): EntityRows {
  const placed = {
    rejected: counts.rejected + found.rejected + found.refused + found.stillRejected,
    nullKey: counts.nullKey + found.nullKey,
    duplicate: counts.duplicate + found.overruled,
    ...(counts.filtered === undefined ? {} : { filtered: counts.filtered }),
    ...changed,
    deleted: ownCommands(counts) ? found.deletes : 0,
  }
  const sum = Object.values(placed).reduce((total, count) => total + count, 0)
  // The agent has read a row that an earlier run rejected, and found it unchanged; a system's own commands do not name it.
  const read = counts.read + Math.max(0, found.stillRejected - counts.unchanged)
  return { read, ...placed, unchanged: read - counts.noLink - found.noLink - sum }
}

/** The managed system's own commands were all read; of a comparison's, the deletes are what was not read. */
function ownCommands({ read, rejected, filtered = 0, unchanged, rows, ...left }: RowCounts): boolean {
  return read - rejected - filtered - left.nullKey - left.duplicate - left.noLink - unchanged === rows
}

export async function orphansOf({ session, runId }: RunContext, type: EntityType): Promise<number> {
  if (!hasReferences(type)) return 0
  const { stored, growth } = await one(session, countOrphans(runId, type))
  return Number(stored) + Number(growth)
}

function countOrphans(runId: number, type: EntityType): Statement<{ stored: string; growth: string }> {
  return statement(
    `produce/count-orphans ${type.name}`,
    sql`select ${storedOrphans(type)} as stored,
       (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
        from ${orphanReferenceChanges(runId)} c where entity_type = ${sql.literal(type.name)}) as growth`,
  )
}

/** Scalar: how many references of a type wait for their targets. */
export function storedOrphans(type: EntityType): SQL {
  if (!hasReferences(type)) return sql`0`
  return sql`(select count(*) from ${orphanReferences} where entity_type = ${sql.literal(type.name)})`
}

export function associationReport(
  part: SourcePart,
  changes: Changes,
  links: ResolvedLinks,
): AssociationReport {
  const { name } = links.shape.mapping
  const entry = changes.links.find(
    ({ source, association }) => source === part.source.name && association === name,
  )
  const counts = entry?.counts ?? none
  return {
    mapping: name,
    source: part.source.name,
    rows: associationRows(links, counts),
    changes: counts,
    stored: links.stored,
    withheld: links.found.withheld,
    stillRejected: links.found.stillRejected,
  }
}

function associationRows(
  { rows, found, orphan, rowChanges }: ResolvedLinks,
  changes: ChangeCounts,
): AssociationRows {
  const { inserted, updated } = rowChanges ?? changes
  const placed = accounted(rows.counts, found, { inserted, updated })
  const noLink = rows.counts.noLink + found.noLink
  return { ...placed, noLink, orphan, unchanged: placed.unchanged - orphan }
}
