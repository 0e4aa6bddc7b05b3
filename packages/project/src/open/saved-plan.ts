/**
 * A plan as it is kept until somebody applies it: not the changes, but by what they are known again.
 *
 * It names the files it was made of by their sums, and what they would change by another. Applying it prepares the files anew and
 * computes the changes anew; where either is not what the plan says, nothing is applied. So it holds no values, stays small, and
 * may lie around: what it stands on moves, and then it is worth nothing.
 *
 * @module
 */
import { type ChangeCounts, changesSumSchema, type DeliveryMode, type RunReport } from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { z } from 'zod'
import type { Plan } from '../sources/sources.ts'

const counts = z.strictObject({ inserted: z.number(), updated: z.number(), deleted: z.number() })
const sum = z.string().regex(/^[0-9a-f]{64}$/)

/** The form of a plan that is kept, as a file of `sluice plan --out` holds it. */
export const savedPlanSchema = z.strictObject({
  /** Of this form. */
  version: z.literal(1),
  source: z.string().min(1),
  /** `null`: its rows stand in open tables. */
  mode: z.enum(['initial', 'complete', 'incremental']).nullable(),
  /** Of an incremental: the delivery it builds on. */
  base: z.uuid().nullable(),
  /** Absolute; of files that are not those of the source's own folder. */
  folder: z.string().nullable(),
  /** UTC. */
  madeAt: z.string(),
  /** The prepared files. */
  files: z.array(z.strictObject({ mapping: z.string(), rows: z.int().nonnegative(), sha256: sum })),
  /** Rows that cannot be read. */
  unreadable: z.strictObject({ rows: z.int().nonnegative(), sha256: sum }).nullable(),
  /** How much would change, for whoever has to be told what is different now. */
  changes: z.array(z.strictObject({ mapping: z.string(), source: z.string().nullable(), changes: counts })),
  /** Of all that would change. */
  sum: changesSumSchema,
})
export type SavedPlan = Readonly<z.infer<typeof savedPlanSchema>>

/** What a plan was made of. */
interface PlannedDelivery {
  readonly mode: DeliveryMode
  readonly base?: string | undefined
  readonly folder?: string | undefined
  readonly manifest: Manifest
}

/** The plan with what is kept of it, where its sum was asked for. `delivery`: absent where the rows stand in open tables. */
export function withSaved<P extends Plan>(
  plan: P,
  source: string,
  delivery: PlannedDelivery | undefined,
): P & { readonly saved?: SavedPlan } {
  const { report, sum } = plan
  return sum === undefined ? plan : { ...plan, saved: savedPlan(source, { report, sum }, delivery) }
}

function savedPlan(
  source: string,
  { report, sum }: { readonly report: RunReport; readonly sum: string },
  delivery: PlannedDelivery | undefined,
): SavedPlan {
  return {
    version: 1,
    source,
    mode: delivery?.mode ?? null,
    base: delivery?.base ?? null,
    folder: delivery?.folder ?? null,
    madeAt: new Date().toISOString(),
    ...(delivery === undefined ? { files: [], unreadable: null } : filesOf(delivery.manifest)),
    changes: [...report.entities, ...report.associations].map(({ mapping, source: of, changes }) => ({
      mapping,
      source: of,
      changes: { ...changes },
    })),
    sum,
  }
}

/** What is delivered now, to be held against what was planned. */
export function deliveredNow({ mode, base, manifest }: PlannedDelivery) {
  return { mode, base: base ?? null, ...filesOf(manifest) }
}

function filesOf({ files, rejections }: Manifest): Pick<SavedPlan, 'files' | 'unreadable'> {
  return {
    files: files.map(({ mapping, rows, sha256 }) => ({ mapping, rows, sha256 })),
    unreadable: rejections === undefined ? null : { rows: rejections.rows, sha256: rejections.sha256 },
  }
}

type Delivered = Pick<SavedPlan, 'mode' | 'base' | 'files' | 'unreadable'>

/** A sentence for each way in which what would be delivered now is not what was planned. */
export function movedInSource(planned: SavedPlan, now: Delivered): readonly string[] {
  return [...movedBase(planned, now), ...movedFiles(planned, now), ...movedUnreadable(planned, now)]
}

function movedBase(planned: Delivered, now: Delivered): readonly string[] {
  const [mode, base] = [now.mode ?? 'a table', now.base ?? 'none']
  if (planned.mode !== now.mode)
    return [`It would be delivered as ${mode} now, and was planned as ${planned.mode ?? 'a table'}.`]
  return planned.base === now.base
    ? []
    : [`It builds on delivery ${planned.base ?? 'none'}, and the last one of the source is ${base}.`]
}

function movedFiles({ files: before }: Delivered, { files: after }: Delivered): readonly string[] {
  const names = [...new Set([...before, ...after].map(({ mapping }) => mapping))]
  return names.flatMap((name) => {
    const [then, now] = [before, after].map((files) => files.find(({ mapping }) => mapping === name))
    if (then?.sha256 === now?.sha256) return []
    const rows = now === undefined ? 'none' : String(now.rows)
    const earlier = then?.rows === now?.rows ? 'as many others' : String(then?.rows ?? 'none')
    return [`The source has other rows for ${name}: ${rows} now, ${earlier} when it was planned.`]
  })
}

function movedUnreadable({ unreadable: then }: Delivered, { unreadable: now }: Delivered): readonly string[] {
  if (then?.sha256 === now?.sha256) return []
  const [rows, earlier] = [now?.rows ?? 0, then?.rows ?? 0]
  return [`Other rows of the source cannot be read: ${rows} now, ${earlier} when it was planned.`]
}

/** As `movedInSource`, of what the same rows would change. */
export function movedInRepository(
  planned: SavedPlan,
  now: Pick<SavedPlan, 'changes' | 'sum'>,
): readonly string[] {
  if (planned.sum === now.sum) return []
  const key = ({ mapping, source }: SavedPlan['changes'][number]) => JSON.stringify([mapping, source])
  const keys = new Set([...planned.changes, ...now.changes].map(key))
  const moved = [...keys].flatMap((one) => {
    const [before, after] = [planned.changes, now.changes].map((list) => list.find((of) => key(of) === one))
    const [then, today] = [describe(before?.changes), describe(after?.changes)]
    const name = after?.mapping ?? before?.mapping ?? ''
    return then === today
      ? []
      : [`The repository has changed: ${name} ${today} now, ${then} when it was planned.`]
  })
  return moved.length > 0
    ? moved
    : [
        'The repository has changed: the run would make as many changes as planned, but to other resources, links or values.',
      ]
}

/** `2 inserted, 1 deleted` */
function describe(counts: ChangeCounts | undefined): string {
  const parts = (['inserted', 'updated', 'deleted'] as const).flatMap((kind) => {
    const count = counts?.[kind] ?? 0
    return count > 0 ? [`${count} ${kind}`] : []
  })
  return parts.length === 0 ? 'nothing changed' : parts.join(', ')
}
