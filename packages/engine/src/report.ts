/**
 * Puts the counts of a run together so that every row read ends in exactly one place.
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
import type { PreparedFile } from '@sluice/protocol'
import { literal } from '@sluice/repository'
import type { ChangeSet } from './terms/change-set.ts'
import type { EntityShape } from './terms/entity-shape.ts'
import { orphanReferenceChanges } from './terms/orphan-changes.ts'
import { countOf, mappingsOf, replicasOf, single, type Work } from './terms/work.ts'
import { workTable } from './terms/work-tables.ts'

const none: ChangeCounts = { inserted: 0, updated: 0, deleted: 0 }

/** Filled in as the stages go. */
export interface RowFacts {
  /** Rows that translate rejected. */
  rejected: number
  /** Absent resources that stay. */
  withheld: number
  /** Rows of a delta without a key. */
  nullKey: number
  /** Rows of a delta that a later row of the same key overrules. */
  overruled: number
  /** Rows of a delta whose outcome is that something goes. */
  deletes: number
}

export const noFacts: Readonly<RowFacts> = { rejected: 0, withheld: 0, nullKey: 0, overruled: 0, deletes: 0 }

export interface LinkFacts extends RowFacts {
  readonly mapping: string
  readonly file: PreparedFile
  readonly stored: number
  readonly orphan: number
  /** Changes that come from rows, where the run changes more links than those. */
  readonly rowChanges?: { readonly inserted: number; readonly updated: number } | undefined
}

export async function entityReport(
  work: Work,
  changeSet: ChangeSet,
  of: {
    readonly shape: EntityShape
    readonly file: PreparedFile
    readonly stored: number
    readonly facts: RowFacts
    readonly attached?: string | undefined
    /** Rows loaded straight, when the type was. */
    readonly loaded: number | undefined
  },
): Promise<EntityReport> {
  const { shape, file, facts } = of
  const entry = changeSet.entities.find(({ entityType }) => entityType === shape.type.name)
  const counts = entry?.counts ?? none
  const changes = { ...counts, inserted: counts.inserted + (of.loaded ?? 0) }
  const updated = entry === undefined || counts.updated === 0 ? 0 : await updatedRows(work, of, entry)
  return {
    mapping: shape.mapping.name,
    source: work.source.name,
    rows: accounted(file, facts, { inserted: changes.inserted, updated }),
    changes,
    stored: of.stored,
    withheld: facts.withheld,
    orphanReferences: hasReferences(shape.type) ? await orphanReferences(work, shape.type.name) : 0,
  }
}

/**
 * Side effects may update resources that other sources deliver (under the same key, even), or none does:
 * only those of which the file has a good row count as rows. Every replica has one, but for the withheld.
 */
async function updatedRows(
  work: Work,
  of: {
    readonly shape: EntityShape
    readonly file: PreparedFile
    readonly facts: RowFacts
    readonly attached?: string | undefined
  },
  { table: change, counts }: ChangeSet['entities'][number],
): Promise<number> {
  const { mapping, type, key } = of.shape
  // Without references nothing but its own rows changes a type.
  if (!hasReferences(type)) return counts.updated
  const updated = `${change} c where _operation = 'update'`
  // Two counts, because PostgreSQL answers an "or" of two "exists" by hashing every replica.
  const inAttached = `exists (select from ${of.attached} a where a.resource_id = c.resource_id)`
  const own = of.attached === undefined ? 0 : await countOf(work.session, `${updated} and ${inAttached}`)
  // What an incremental does not deliver are no rows of its.
  if (of.file.kind === 'delta') return own
  const elsewhere = of.attached === undefined ? updated : `${updated} and not ${inAttached}`
  const replica = `exists (select from ${replicasOf(work.source.name, type.name)} r
    where r.key = c._key and r.resource_id = c.resource_id)`
  const staged = `exists (select from ${workTable(work, 'staging', mapping.name)} s where s.${key} = c._key)`
  const rejected = `exists (select from sluice_rejected_row x
    where x.run_id = ${work.runId} and x.mapping = ${literal(mapping.name)} and x.key = c._key)`
  const delivered = [
    replica,
    ...(of.facts.withheld === 0 ? [] : [staged]),
    ...(of.facts.rejected === 0 ? [] : [`not ${rejected}`]),
  ].join(' and ')
  return own + (await countOf(work.session, `${elsewhere} and ${delivered}`))
}

function hasReferences({ properties }: EntityType): boolean {
  return properties.some(({ type }) => type === 'reference')
}

/** Puts every row that was read into one place; what no change came from is unchanged. */
function accounted(
  file: PreparedFile,
  facts: RowFacts,
  changed: { readonly inserted: number; readonly updated: number },
): EntityRows {
  const placed = {
    rejected: file.rejected + facts.rejected,
    nullKey: file.nullKey + facts.nullKey,
    duplicate: file.duplicate + facts.overruled,
    ...changed,
    deleted: ownCommands(file) ? facts.deletes : 0,
  }
  const sum = Object.values(placed).reduce((total, count) => total + count, 0)
  return { read: file.read, ...placed, unchanged: file.read - file.noLink - sum }
}

/** The managed system's own commands were all read; of a comparison's, the deletes are what was not read. */
function ownCommands(file: PreparedFile): boolean {
  const { read, rejected, nullKey, duplicate, noLink, unchanged, rows } = file
  return read - rejected - nullKey - duplicate - noLink - unchanged === rows
}

async function orphanReferences(work: Work, entityType: string): Promise<number> {
  const type = `entity_type = ${literal(entityType)}`
  const { stored, growth } = await single<{ stored: string; growth: string }>(
    work.session,
    `select (select count(*) from sluice_orphan_reference where ${type}) as stored,
       (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
        from ${orphanReferenceChanges(work.runId)} c where ${type}) as growth`,
  )
  return Number(stored) + Number(growth)
}

export function associationReport(work: Work, changeSet: ChangeSet, facts: LinkFacts): AssociationReport {
  const entry = changeSet.links.find(
    ({ source, association }) => source === work.source.name && association === facts.mapping,
  )
  const changes = entry?.counts ?? none
  return {
    mapping: facts.mapping,
    source: work.source.name,
    rows: associationRows(facts, changes),
    changes,
    stored: facts.stored,
    withheld: facts.withheld,
  }
}

function associationRows(facts: LinkFacts, changes: ChangeCounts): AssociationRows {
  const { noLink } = facts.file
  const { inserted, updated } = facts.rowChanges ?? changes
  const rows = accounted(facts.file, facts, { inserted, updated })
  return { ...rows, noLink, orphan: facts.orphan, unchanged: rows.unchanged - facts.orphan }
}

/** What the run changes in types and associations that its own files do not speak of. */
export async function sideEffectReports(
  work: Work,
  changeSet: ChangeSet,
): Promise<{
  readonly entities: readonly EntityReport[]
  readonly associations: readonly AssociationReport[]
}> {
  const entities: EntityReport[] = []
  for (const { entityType, counts } of changeSet.entities) {
    const own = work.source.entities.some((mapping) => mapping.entityType === entityType)
    if (own || counts.inserted + counts.updated + counts.deleted === 0) continue
    const source = mappingsOf(work.configuration, entityType)[0]?.source.name ?? ''
    entities.push({
      mapping: entityType,
      source,
      rows: null,
      changes: counts,
      stored: 0,
      withheld: 0,
      orphanReferences: await orphanReferences(work, entityType),
    })
  }
  const associations = changeSet.links
    .filter(
      ({ source, counts }) =>
        source !== work.source.name && counts.inserted + counts.updated + counts.deleted > 0,
    )
    .map(({ source, association, counts }) => ({
      mapping: association,
      source,
      rows: null,
      changes: counts,
      stored: 0,
      withheld: 0,
    }))
  return { entities, associations }
}
