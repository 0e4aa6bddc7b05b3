/**
 * Where a delivery that is about to be prepared takes its place among those that wait in the outbox.
 *
 * What a system hands out once must not be lost, so changes are put behind what waits. Files that say everything there is
 * hand out nothing: while the last one that waits is of that kind too and has not begun to travel, it is prepared anew in
 * its place, and however long the server is away, one delivery waits. A complete supersedes all of them.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { Exported } from '@sluice/connectors'
import type { DeliveryMode, Source } from '@sluice/model'
import type { Outgoing } from '../outbox/outbox.ts'
import type { QueuedDelivery } from '../outbox/outbox-queue.ts'
import { changedFile } from '../outbox/verify-outbox.ts'
import type { Decision } from './agent-context.ts'
import { comesWhole } from './answer-export.ts'

/** What a new delivery is, by its place. */
export interface Place {
  readonly id: string
  readonly mode: DeliveryMode
  readonly base: string | undefined
  /** What goes before it. */
  readonly ahead: readonly QueuedDelivery[]
  /** The one in whose place it is prepared. */
  readonly replaces: Outgoing | undefined
  readonly standsForChanges: boolean
  readonly reasons: readonly string[]
}

export async function placeInQueue(
  source: Source,
  decision: Decision,
  exported: Exported,
  queue: readonly QueuedDelivery[],
): Promise<Place> {
  const { mode, notes: reasons } = decision
  const alone = { id: randomUUID(), replaces: undefined, standsForChanges: false, reasons }
  const last = queue.at(-1)
  if (mode !== 'incremental') {
    const standsForChanges = queue.some(({ delivery }) => standsFor(delivery))
    return { ...alone, mode, base: undefined, ahead: [], standsForChanges }
  }
  if (last === undefined) return { ...alone, mode, base: decision.base, ahead: [] }
  if (!(await mayReplace(last, source, decision, exported))) {
    return { ...alone, mode, base: last.delivery.id, ahead: queue }
  }
  const { delivery } = last
  return {
    id: delivery.id,
    mode: delivery.mode,
    base: delivery.base,
    ahead: queue.slice(0, -1),
    replaces: delivery,
    standsForChanges: delivery.standsForChanges === true,
    reasons: delivery.reasons ?? [],
  }
}

async function mayReplace(
  { folder, delivery }: QueuedDelivery,
  source: Source,
  { auto }: Decision,
  exported: Exported,
): Promise<boolean> {
  if (delivery.sending === true || delivery.byHand === true || bringsCommands(delivery)) return false
  // Asked for by name, an incremental is not turned into the complete that waits.
  if (!auto && delivery.mode !== 'incremental') return false
  if (delivery.cookies && exported.cookies === undefined) return false
  if (!(await comesWhole({ ...source, folder: exported.folder }))) return false
  // Somebody is at work on them, and may want to deliver them as they are.
  return (await changedFile(folder, delivery)) === undefined
}

/** It tells of a table by commands: changes of which no file here says what they lead to. */
export function bringsCommands({ mode, manifest, references }: Outgoing): boolean {
  if (mode !== 'incremental') return false
  return manifest.files.some(({ mapping }) => !references.some((one) => one.mapping === mapping))
}

/**
 * It holds changes that are nowhere else: those of a table that carried its own commands. An export program reads them
 * again, from the cookies of the last delivery that was acknowledged.
 */
export function holdsCommands(delivery: Outgoing): boolean {
  return !delivery.cookies && bringsCommands(delivery)
}

/**
 * Something was handed out for it that may not be handed out again: commands, or, in a complete, what an export program has
 * ticked off by its new cookies.
 */
export function wasHandedOut(delivery: Outgoing): boolean {
  return bringsCommands(delivery) || (delivery.mode !== 'incremental' && delivery.cookies)
}

/** Changes were handed out for it, or for what it has superseded. */
function standsFor(delivery: Outgoing): boolean {
  return delivery.standsForChanges === true || bringsCommands(delivery)
}
