/**
 * The links of a run: of the associations that it delivers, and of those of which an end changes.
 *
 * @module
 */
import { allOf, one, run, type SQL, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../../changes/entity-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { analyze, measure } from '../../context/work-tables.ts'
import type { ComparedRows } from '../../rows/entity-rows.ts'
import { noRows } from '../../rows/entity-rows.ts'
import {
  badRowCondition,
  isRejectedPair,
  rejectBadValues,
  rejectingLinks,
} from '../../rows/reject-bad-values.ts'
import type { StagedRows } from '../../rows/staged-rows.ts'
import { tellStillRejected } from '../../rows/still-rejected.ts'
import { type End, type LinkShape, singleEnd } from '../../sql/link-shape.ts'
import type { ChangedKeys } from '../changed-keys.ts'
import {
  type Affecting,
  addLinksAtSingleEnd,
  affectedByKeys,
  both,
  collectAffected,
} from './affected-pairs.ts'
import { pairsOfCommands, pairsOfRows } from './asserted-pairs.ts'
import { comparePairs, countOrphans, countRowChanges, type LinkChanges } from './compare-pairs.ts'
import { type FilledAssociation, filledAssociations } from './filled-association.ts'
import { affectedByReplacing, findReplaced, isReplaced, netFollowingPairs } from './following-pairs.ts'
import { keepRejectedPairs, keepUnreadPairs } from './keep-unread-pairs.ts'
import type { LookupsOfRun } from './lookups-of-run.ts'
import { affectedByCommands, type NettedPairs, netPairs } from './net-pairs.ts'

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
  readonly lookups: LookupsOfRun
  /** Where commands about entities are followed: `resource_id` of those that they delete. */
  readonly gone?: Table | undefined
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
  { changes, unreadable, lookups }: LinksOf,
): Promise<ResolvedLinks> {
  const { session, workTables } = part
  const { shape, rows } = links
  const bad = badRowCondition(shape.checks)
  const { table: pairs } = await workTables.fill(
    pairsTable(part, filled),
    pairsOfRows(part, changes, filled, { shape, staged: rows.table, bad, lookups }),
  )
  await run(session, analyze(pairs))
  const orphan = await countOrphans(part, filled, pairs)
  const withheld =
    unreadable === undefined ? 0 : await keepUnreadPairs({ part, changes, filled, pairs }, unreadable)
  const rejected = bad === undefined ? 0 : await countBad(part, shape, pairs)
  if (rejected > 0) {
    await rejectBadValues(part, rows.table, { ...rejectingLinks(shape), places: rows.places })
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
  of: LinksOf,
): Promise<ResolvedLinks> {
  const { session, workTables } = part
  const { shape, rows } = links
  const rejecting = { ...rejectingLinks(shape, rows.follows), places: rows.places }
  const stillRejected = await tellStillRejected(part, rejecting, rows.table, links.rejectedBefore)
  // Whatever else a row holds that takes a pair back: its ends are enough.
  const rejected = await rejectBadValues(part, rows.table, { ...rejecting, among: sql`_command <> 'delete'` })
  const command =
    rows.follows === undefined
      ? await pairCommands(part, filled, links)
      : await followingCommands(part, filled, links, { ...of, own: rows.follows, rejected })
  const { netted, replaced } = command
  const affecting = both(affectedByKeys(filled, of.keys), command.affecting)
  const affected = await collectAffected(part, filled, affecting)
  const { table: pairs } = await workTables.fill(
    pairsTable(part, filled),
    pairsOfCommands(part, of.changes, filled, { netted: netted.table, affected: affected?.table, replaced }),
  )
  await run(session, analyze(pairs))
  const compared = await comparePairs(part, filled, pairs, { kind: 'affected', affected: affected?.table })
  const { orphan, inserted, updated } = await countRowChanges(part, compared, pairs)
  const { nullKey, noLink, overruled, deletes } = netted
  return {
    ...links,
    changes: compared,
    pairs,
    found: { ...noRows, rejected, stillRejected, nullKey, noLink, overruled, deletes },
    orphan,
    rowChanges: { inserted, updated },
  }
}

/** What commands come to, and whose pairs they are about. */
interface NettedCommands {
  readonly netted: NettedPairs
  readonly affecting: Affecting
  /** SQL condition on an affected pair `q`: the commands say anew what becomes of it. */
  readonly replaced: SQL | undefined
}

async function pairCommands(
  part: SourcePart,
  filled: FilledAssociation,
  { shape, rows }: StagedLinks,
): Promise<NettedCommands> {
  const netted = await netPairs(part, shape, rows.table)
  return { netted, affecting: affectedByCommands(part, filled, netted.table), replaced: undefined }
}

async function followingCommands(
  part: SourcePart,
  filled: FilledAssociation,
  { shape, rows }: StagedLinks,
  of: LinksOf & { readonly own: End; readonly rejected: number },
): Promise<NettedCommands> {
  const { changes, own, gone, rejected } = of
  const netted = await netFollowingPairs(part, shape, rows.table, own)
  const entities = await findReplaced(part, filled, { changes, netted: netted.table, own, gone })
  const single = singleEnd(filled.association)
  const taken = single === undefined || single === own ? [] : [affectedByCommands(part, filled, netted.table)]
  const affecting = [affectedByReplacing(entities), ...taken].reduce(both)
  // A rejected row leaves its link alone.
  const replaced = allOf([
    isReplaced(entities),
    ...(rejected === 0 ? [] : [sql`not (${await isRejectedPair(part, shape)})`]),
  ])
  return { netted, affecting, replaced }
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
