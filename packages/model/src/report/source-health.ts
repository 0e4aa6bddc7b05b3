/**
 * How sources are doing: what is known of each, and what of it needs somebody, with the command to go on with.
 *
 * @module
 */

import { z } from 'zod'
import type { Labelled } from '../entity/label.ts'
import type { Source } from '../source/source.ts'
import { switchedOff } from '../source/switched-off.ts'
import { runStates } from './report.ts'
import { describeSuspension, minuteOf, suspensionSchema } from './suspension.ts'

const count = z.int().nonnegative()

/** Why a run came to nothing. */
export const lastErrorSchema = z.object({
  run: count,
  at: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
})

/** What the repository knows of a source. */
export const sourceStateSchema = z.object({
  name: z.string(),
  /** The last run of what it has delivered or loaded, those that could not begin among them: an export failed, a delivery was refused. */
  lastRun: z
    .object({
      run: count,
      mode: z.enum(['initial', 'complete', 'incremental']).nullable(),
      state: z.enum(runStates),
      startedAt: z.string(),
      finishedAt: z.string().nullable(),
      error: z.object({ code: z.string(), message: z.string(), remedy: z.string().optional() }).nullable(),
    })
    .nullable(),
  /** The last of them that was applied; `age` in milliseconds. */
  lastApplied: z.object({ run: count, finishedAt: z.string(), age: z.number() }).nullable(),
  /** What the newest of its last hundred runs that came to nothing said, whatever has been applied since. */
  lastError: lastErrorSchema.nullable().default(null),
  /** How many have come to nothing since. */
  failures: count,
  /** The run that a threshold holds. */
  heldRun: count.nullable(),
  /** The delivery that an incremental has to build on; `null`: the next one has to be a complete. */
  appliedDelivery: z.uuid().nullable(),
  /** Deliveries: announced and on their way, ready for a run, held, and put aside. */
  queue: z.object({ announced: count, ready: count, held: count, aside: count }),
  /** The first that was put aside. */
  asideDelivery: z.uuid().nullable(),
  /**
   * Rows that the last applied run has left out; those of shared types that it could not apply; references and links that wait for an end; rows
   * that wait for a decision; roots that failed.
   */
  rejected: count,
  faulty: count,
  orphans: count,
  doubtful: count,
  failedRoots: count,
  suspension: suspensionSchema.nullable(),
  /** When its last suspension was over; `null`: there was none, or it is in force. */
  resumedAt: z.string().nullable(),
})
export type SourceState = Readonly<z.infer<typeof sourceStateSchema>>

/** What somebody should look at, the worst first. */
export const attentionKinds = [
  'held',
  'put aside',
  'failed',
  'late',
  'doubtful',
  'failed roots',
  'rejected',
  'with errors',
  'orphans',
  'suspended',
  'switched off',
  'never ran',
] as const
export type AttentionKind = (typeof attentionKinds)[number]

const attentionSchema = z.object({
  kind: z.enum(attentionKinds),
  /** A sentence. */
  says: z.string(),
  /** To go on with. */
  command: z.string(),
})
export type Attention = Readonly<z.infer<typeof attentionSchema>>

const sourceHealthSchema = sourceStateSchema.extend({
  /** What people call it, by language. */
  labels: z.record(z.string(), z.string()).optional(),
  kind: z.enum(['open', 'delivered']),
  mode: z.string().nullable(),
  /** Milliseconds within which a run of it is expected to be applied. */
  expected: z.number().nullable(),
  /** UTC: from when on it is late. */
  dueAt: z.string().nullable(),
  attention: z.array(attentionSchema),
})
export type SourceHealth = Readonly<z.infer<typeof sourceHealthSchema>>

/** When and what the repository was asked. */
export const healthSchema = z.object({
  at: z.string(),
  /** Of whatever has no label in the language that somebody wants. */
  language: z.string().optional(),
  sources: z.array(sourceHealthSchema),
})
export type Health = Readonly<z.infer<typeof healthSchema>>

/** As much of a source as its definition says. */
export interface ExpectedOfSource extends Labelled {
  readonly table?: boolean | undefined
  readonly mode: string
  readonly expected?: number | undefined
  readonly entities?: Source['entities'] | undefined
  readonly associations?: Source['associations'] | undefined
}

/** `state`: absent where the repository does not know the source yet. `at`: by the clock of the repository. */
export function healthOf(
  { name, labels, table, mode, expected, entities = [], associations = [] }: ExpectedOfSource,
  state: SourceState = unknownState(name),
  at: string,
): SourceHealth {
  const known = {
    ...state,
    ...(labels === undefined ? {} : { labels }),
    kind: table === true ? ('open' as const) : ('delivered' as const),
    mode: table === true ? null : mode,
    expected: expected ?? null,
    dueAt: dueAt(state, expected),
  }
  return { ...known, attention: attentionOf(known, switchedOff({ entities, associations }), at) }
}

function unknownState(name: string): SourceState {
  return {
    name,
    lastRun: null,
    lastApplied: null,
    lastError: null,
    failures: 0,
    heldRun: null,
    appliedDelivery: null,
    queue: { announced: 0, ready: 0, held: 0, aside: 0 },
    asideDelivery: null,
    rejected: 0,
    faulty: 0,
    orphans: 0,
    doubtful: 0,
    failedRoots: 0,
    suspension: null,
    resumedAt: null,
  }
}

/** A source has all its time again when its suspension is over. */
function dueAt({ lastApplied, resumedAt, suspension }: SourceState, expected: number | undefined) {
  if (expected === undefined || lastApplied === null || suspension !== null) return null
  const from = Math.max(Date.parse(lastApplied.finishedAt), Date.parse(resumedAt ?? lastApplied.finishedAt))
  return new Date(from + expected).toISOString()
}

function attentionOf(
  { name, suspension, dueAt, kind, ...state }: Omit<SourceHealth, 'attention'>,
  off: readonly string[],
  at: string,
): Attention[] {
  const { lastRun, lastApplied, heldRun, asideDelivery, rejected, faulty, orphans, doubtful, failedRoots } =
    state
  const next = kind === 'open' ? `sluice synchronize ${name}` : `sluice sync ${name}`
  const found: Record<AttentionKind, Omit<Attention, 'kind'> | false> = {
    held: heldRun !== null && {
      says: `Run ${heldRun} is held, and waits to be approved or rejected.`,
      command: `sluice runs show ${heldRun}`,
    },
    'put aside': asideDelivery !== null && {
      says: 'Processes died during the run of a delivery; it waits until somebody releases or cancels it.',
      command: `sluice deliveries show ${asideDelivery}`,
    },
    failed: failed(state),
    late: dueAt !== null &&
      Date.parse(dueAt) < Date.parse(at) && {
        says: `It is late: a run should have been applied by ${minuteOf(dueAt)}.`,
        command: next,
      },
    doubtful: doubtful > 0 && {
      says: `${counted(doubtful, 'row')} may be of several resources, and ${doubtful === 1 ? 'waits' : 'wait'} for a decision.`,
      command: `sluice matches ${name}`,
    },
    'failed roots': failedRoots > 0 && {
      says: `${counted(failedRoots, 'root')} could not be evaluated; ${failedRoots === 1 ? 'its' : 'their'} previous results are kept.`,
      command: `sluice roots ${name} --failed`,
    },
    rejected: rejected > 0 && {
      says: `${counted(rejected, 'row')} ${rejected === 1 ? 'was' : 'were'} rejected.`,
      command: `sluice rejected ${name}`,
    },
    'with errors': faulty > 0 && {
      says: `${counted(faulty, 'row')} could not be applied.`,
      command: `sluice replicas ${name} --errors`,
    },
    orphans: orphans > 0 && {
      says: `${counted(orphans, 'reference or link', 'references and links')} ${orphans === 1 ? 'has' : 'have'} no target in the repository.`,
      command: `sluice orphans ${name}`,
    },
    suspended: suspension !== null && {
      says: `It is suspended ${describeSuspension(suspension)}.`,
      command: `sluice source resume ${name}`,
    },
    'switched off': areOff(off),
    'never ran': lastApplied === null &&
      lastRun === null && { says: 'No run of it was ever applied.', command: next },
  }
  return attentionKinds.flatMap((kind) => {
    const one = found[kind]
    return one === false ? [] : [{ kind, ...one }]
  })
}

function areOff(names: readonly string[]): Omit<Attention, 'kind'> | false {
  if (names.length === 0) return false
  const are = names.length === 1 ? 'is' : 'are'
  return {
    says: `${names.join(', ')} ${are} switched off: nothing of it is read, and what is stored stays as it is.`,
    command: 'sluice check',
  }
}

function failed({
  lastRun,
  failures,
}: Pick<SourceState, 'lastRun' | 'failures'>): Omit<Attention, 'kind'> | false {
  if (lastRun === null || (lastRun.state !== 'failed' && lastRun.state !== 'interrupted')) return false
  const { run, state, error } = lastRun
  const often = failures > 1 ? ` It has failed ${failures} times in a row.` : ''
  const what = error === null ? `Run ${run} was ${state}.` : `${error.code}: ${error.message}`
  return { says: `${what}${often}`, command: `sluice runs show ${run}` }
}

function counted(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : several}`
}
