/**
 * The stages of a run as they concern association mappings, after all entities are resolved.
 *
 * @module
 */

import type { AssociationMapping } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { type LinkFacts, noFacts } from './report.ts'
import { keepRejectedLinks, keepUnreadLinks } from './resolve/keep-unread-links.ts'
import { addLinkChanges, countRowChanges, resolveLinks } from './resolve/link-changes.ts'
import { addLinkCommands } from './resolve/link-commands.ts'
import { type Delivered, stageDelivered } from './stage-delivered-file.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { ChangeTables } from './terms/change-tables.ts'
import { type LinkShape, linkShape } from './terms/link-shape.ts'
import { storedCount } from './terms/stored-count.ts'
import { countOf, tableOf, type Work } from './terms/work.ts'
import { workTable } from './terms/work-tables.ts'
import { badRowCondition, rejectBadValues } from './translate/reject-bad-values.ts'
import { measureStaging } from './translate/stage-file.ts'

export async function resolveAssociations(
  work: Work,
  tables: ChangeTables,
  delivered: Delivered,
  unreadable: string | undefined,
  clock: Stopwatch,
): Promise<readonly LinkFacts[]> {
  const facts: LinkFacts[] = []
  for (const mapping of work.source.associations) {
    const file = delivered.manifest.files.find((candidate) => candidate.mapping === mapping.name)
    if (file === undefined) continue
    facts.push(await resolveAssociation(work, tables, delivered, mapping, file, unreadable, clock))
  }
  return facts
}

async function resolveAssociation(
  work: Work,
  tables: ChangeTables,
  delivered: Delivered,
  mapping: AssociationMapping,
  file: PreparedFile,
  unreadable: string | undefined,
  clock: Stopwatch,
): Promise<LinkFacts> {
  const shape = linkShape(work.model, mapping)
  const staging = workTable(work, 'staging', mapping.name)
  await clock.time('translate', async () => {
    await stageDelivered(work, delivered, staging, file, shape.columns.length)
    await measureStaging(work, staging)
  })
  return await clock.time('resolve', () =>
    file.kind === 'delta'
      ? resolveLinkDelta(work, tables, shape, file, staging)
      : resolveWholeAssociation(work, tables, shape, file, { staging, unreadable }),
  )
}

async function resolveWholeAssociation(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  file: PreparedFile,
  { staging, unreadable }: { readonly staging: string; readonly unreadable: string | undefined },
): Promise<LinkFacts> {
  const desired = await resolveLinks(work, tables, shape, badRowCondition(shape.checks))
  const withheld =
    unreadable === undefined ? 0 : await keepUnreadLinks(work, tables, shape, desired, unreadable)
  const rejected = await countOf(work.session, `${desired.table} where _bad`)
  if (rejected > 0) {
    await rejectBadValues(work, staging, linkRejection(shape))
    await keepRejectedLinks(work, tables, shape, desired)
  }
  await addLinkChanges(work, tables, shape, desired)
  const rowChanges =
    withheld + rejected === 0 ? undefined : await countRowChanges(work, tables, shape, desired)
  const stored = await storedLinks(work, shape)
  const { name: mapping } = shape.mapping
  return { ...noFacts, mapping, file, stored, orphan: desired.orphan, rejected, withheld, rowChanges }
}

async function resolveLinkDelta(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  file: PreparedFile,
  staging: string,
): Promise<LinkFacts> {
  // Whatever else a row holds that takes a pair back: its ends are enough.
  const rejected = await rejectBadValues(work, staging, {
    ...linkRejection(shape),
    among: `command <> 'delete'`,
  })
  const commands = await addLinkCommands(work, tables, shape, staging)
  const stored = await storedLinks(work, shape)
  return { ...noFacts, ...commands, mapping: shape.mapping.name, file, stored, rejected }
}

function linkRejection(shape: LinkShape) {
  const { name: mapping, file } = shape.mapping
  return { mapping, file, key: `${shape.from} || ' → ' || ${shape.to}`, checks: shape.checks }
}

async function storedLinks(work: Work, shape: LinkShape): Promise<number> {
  const rows = `${tableOf(shape.association.name)} where source_id = ${work.sourceId}`
  return await storedCount(work, shape.mapping.name, rows)
}
