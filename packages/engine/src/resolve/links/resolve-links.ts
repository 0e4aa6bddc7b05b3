/**
 * The links of a run: of the associations that it delivers, and of those of which an end changes.
 *
 * @module
 */
import { one, run, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../../changes/entity-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { analyze, measure } from '../../context/work-tables.ts'
import type { ComparedRows } from '../../rows/entity-rows.ts'
import { noRows } from '../../rows/entity-rows.ts'
import { badRowCondition, rejectBadValues, rejectingLinks } from '../../rows/reject-bad-values.ts'
import type { StagedRows } from '../../rows/staged-rows.ts'
import { tellStillRejected } from '../../rows/still-rejected.ts'
import type { LinkShape } from '../../sql/link-shape.ts'
import type { ChangedKeys } from '../changed-keys.ts'
import { addLinksAtSingleEnd, affectedByKeys, both, collectAffected } from './affected-pairs.ts'
import { pairsOfCommands, pairsOfRows } from './asserted-pairs.ts'
import { comparePairs, countOrphans, countRowChanges, type LinkChanges } from './compare-pairs.ts'
import { type FilledAssociation, filledAssociations } from './filled-association.ts'
import { keepRejectedPairs, keepUnreadPairs } from './keep-unread-pairs.ts'
import { affectedByCommands, netPairs } from './net-pairs.ts'

/** One association mapping of the run, staged. */
export interface StagedLinks {
  readonly shape: LinkShape
  readonly rows: StagedRows
  /** Links stored of the source before the run. */
  readonly stored: number
  /** Rows that earlier runs rejected for their values; of commands. */
  readonly rejectedBefore: number
}

/** What the rows of an association mapping come to. */
export interface ResolvedLinks extends StagedLinks {
  readonly changes: LinkChanges
  /** Asserted pairs. */
  readonly pairs: Table
  readonly found: ComparedRows
  readonly orphan: number
  /** Changes that come from rows, where the run changes more links than those. */
  readonly rowChanges: { readonly inserted: number; readonly updated: number } | undefined
}

export interface LinksOf {
  readonly changes: EntityChanges
  readonly keys: ChangedKeys
  readonly unreadable: Table | undefined
}

export async function resolveLinks(
  part: SourcePart,
  links: StagedLinks,
  of: LinksOf,
): Promise<ResolvedLinks> {
  const { source, sourceId } = part
  const { mapping, association } = links.shape
  const filled = { source, sourceId, mapping, association }
  await run(part.session, measure(links.rows.table))
  return links.rows.commands
    ? await resolveCommands(part, filled, links, of)
    : await resolveWhole(part, filled, links, of)
}

/** The source's links become the pairs of its rows, as far as both ends are known. */
async function resolveWhole(
  part: SourcePart,
  filled: FilledAssociation,
  links: StagedLinks,
  { changes, unreadable }: LinksOf,
): Promise<ResolvedLinks> {
  const { session, workTables } = part
  const { shape, rows } = links
  const bad = badRowCondition(shape.checks)
  const { table: pairs } = await workTables.fill(
    pairsTable(part, filled),
    pairsOfRows(part, changes, filled, { shape, staged: rows.table, bad }),
  )
  await run(session, analyze(pairs))
  const orphan = await countOrphans(part, filled, pairs)
  const withheld =
    unreadable === undefined ? 0 : await keepUnreadPairs({ part, changes, filled, pairs }, unreadable)
  const rejected = bad === undefined ? 0 : await countBad(part, shape, pairs)
  if (rejected > 0) {
    await rejectBadValues(part, rows.table, rejectingLinks(shape))
    await keepRejectedPairs({ part, changes, filled, pairs })
  }
  const compared = await comparePairs(part, filled, pairs, { kind: 'everything' })
  const rowChanges = withheld + rejected === 0 ? undefined : await countRowChanges(part, compared, pairs)
  return {
    ...links,
    changes: compared,
    pairs,
    found: { ...noRows, rejected, withheld },
    orphan,
    rowChanges,
  }
}

async function countBad(part: SourcePart, { mapping }: LinkShape, pairs: Table): Promise<number> {
  const counted = statement<{ bad: number }>(
    `resolve/count-bad-pairs ${mapping.name}`,
    sql`select count(*)::int as bad from ${pairs} where _bad`,
  )
  return (await one(part.session, counted)).bad
}

/** Commands are laid over what the source asserted before, as far as they or the changes of the run touch it. */
async function resolveCommands(
  part: SourcePart,
  filled: FilledAssociation,
  links: StagedLinks,
  { changes, keys }: LinksOf,
): Promise<ResolvedLinks> {
  const { session, workTables } = part
  const { shape, rows } = links
  const rejecting = rejectingLinks(shape)
  const stillRejected = await tellStillRejected(part, rejecting, rows.table, links.rejectedBefore)
  // Whatever else a row holds that takes a pair back: its ends are enough.
  const among = sql`_command <> 'delete'`
  const rejected = await rejectBadValues(part, rows.table, { ...rejecting, among })
  const netted = await netPairs(part, shape, rows.table)
  const affecting = both(affectedByKeys(filled, keys), affectedByCommands(part, filled, netted.table))
  const affected = await collectAffected(part, filled, affecting)
  const { table: pairs } = await workTables.fill(
    pairsTable(part, filled),
    pairsOfCommands(part, changes, filled, { netted: netted.table, affected: affected?.table }),
  )
  await run(session, analyze(pairs))
  const compared = await comparePairs(part, filled, pairs, { kind: 'affected', affected: affected?.table })
  const { orphan, inserted, updated } = await countRowChanges(part, compared, pairs)
  const { nullKey, overruled, deletes } = netted
  return {
    ...links,
    changes: compared,
    pairs,
    found: { ...noRows, rejected, stillRejected, nullKey, overruled, deletes },
    orphan,
    rowChanges: { inserted, updated },
  }
}

/**
 * Links that the run does not deliver, one of whose ends arrives, goes, or is renamed. They follow the same rule as references:
 * what the source named is looked up in the repository as it will be, and waits as an orphan where nobody answers to it.
 */
export async function resolveLinksElsewhere(
  part: SourcePart,
  changes: EntityChanges,
  keys: ChangedKeys,
): Promise<readonly LinkChanges[]> {
  const { session, workTables } = part
  const found: LinkChanges[] = []
  for (const filled of linksElsewhere(part)) {
    const affected = await collectAffected(part, filled, affectedByKeys(filled, keys))
    if (affected === undefined) continue
    if (affected.count > 0) {
      await run(session, analyze(affected.table))
      await addLinksAtSingleEnd(part, filled, changes, affected.table)
      const { table: pairs } = await workTables.fill(
        pairsTable(part, filled),
        pairsOfCommands(part, changes, filled, { netted: undefined, affected: affected.table }),
      )
      found.push(await comparePairs(part, filled, pairs, { kind: 'affected', affected: affected.table }))
      await workTables.drop([pairs])
    }
    await workTables.drop([affected.table])
  }
  return found
}

/** Associations that this run's own rows do not decide. */
function linksElsewhere(part: SourcePart): readonly FilledAssociation[] {
  return filledAssociations(part).filter(({ source }) => source.name !== part.source.name)
}

function pairsTable({ workTables }: SourcePart, { sourceId, association }: FilledAssociation): Table {
  return workTables.named('pairs', `${sourceId}_${association.name}`)
}
