/**
 * What is kept for how long: defaults filled in, and held against what thresholds look back on.
 *
 * @module
 */
import type { NotificationSettings } from '../notification/receiver.ts'
import type { Source, ThresholdWindow } from '../source/source.ts'
import { millisecondsOf } from './common-schema.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { Keeping, Retention } from './retention.ts'
import type { RetentionInput } from './retention-schema.ts'
import type { YamlFile } from './yaml-file.ts'

const usualAge = '365d'
const usualInterval = '1h'

interface Context {
  readonly file: YamlFile
  readonly findings: Findings
  readonly sources: ReadonlyMap<string, Source>
  /** Of what happens again within `repeatAfter`, the first is needed. */
  readonly notifications: Pick<NotificationSettings, 'repeatAfter'>
}

export function resolveRetention(context: Context, input: RetentionInput = {}): Retention {
  const kept = (given: RetentionInput['runs']): Keeping => {
    if (given === undefined || typeof given === 'string') return { age: ageOf(given), count: undefined }
    return { age: ageOf(given.age), count: given.count }
  }
  const { prune = usualInterval, files } = input
  const retention: Retention = {
    every: prune === 'off' ? undefined : millisecondsOf(prune),
    history: kept(input.history),
    rejectedRows: kept(input.rejectedRows),
    runs: kept(input.runs),
    deliveries: kept(input.deliveries),
    executions: kept(input.executions),
    notifications: atLeast(kept(input.notifications), context.notifications.repeatAfter),
    audit: kept(input.audit),
    files: ageOf(files),
  }
  for (const source of context.sources.values()) requireWindow(context, source, retention.runs)
  return retention
}

function atLeast({ age, count }: Keeping, least: number): Keeping {
  return { age: age === undefined ? undefined : Math.max(age, least), count }
}

function ageOf(age = usualAge): number | undefined {
  return age === 'forever' ? undefined : millisecondsOf(age)
}

/** A window of thresholds adds up what runs have lost: it needs them. */
function requireWindow({ file, findings }: Context, { name, thresholds }: Source, runs: Keeping): void {
  const { window } = thresholds
  if (window === undefined || isCovered(window, runs)) return
  const wanted = 'days' in window ? `${window.days} days` : `${window.runs} runs`
  findings.add(
    findingCodes.wrongValue,
    file.placeOf(['retention', 'runs'], 'key'),
    `The thresholds of "${name}" look back on ${wanted}, and fewer are kept.`,
    { remedy: 'Keep runs for longer, or make the window of the thresholds shorter.' },
  )
}

function isCovered(window: ThresholdWindow, { age, count }: Keeping): boolean {
  if ('days' in window) return age === undefined || age >= window.days * 86_400_000
  return count === undefined || count >= window.runs
}
