/**
 * Where the runs stand that this process carries out, by their sources: one is at work for each at a time.
 *
 * @module
 */
import type { OnProgress, Stage, StageTiming } from '@sluice/model'

interface ProgressOfRun {
  readonly now: { readonly stage: Stage; readonly subject: string | null; readonly since: string } | null
  /** Those before it, in the order in which they began. */
  readonly stages: readonly StageTiming[]
}

export interface RunProgress {
  readonly report: OnProgress
  /** `undefined`: nothing is known of it here. */
  of(source: string): ProgressOfRun | undefined
  /** The run of the source has ended. */
  end(source: string): void
}

interface AtWork {
  stage: Stage
  subject: string | null
  readonly spent: Map<Stage, number>
  /** By a clock that only goes forward; and as people read it. */
  begun: number
  since: string
}

export function createRunProgress(): RunProgress {
  const atWork = new Map<string, AtWork>()
  return {
    report({ source, stage, subject = null }) {
      const known = atWork.get(source)
      const begun = { stage, subject, begun: performance.now(), since: new Date().toISOString() }
      if (known === undefined) atWork.set(source, { ...begun, spent: new Map() })
      else if (known.stage === stage) known.subject = subject
      else {
        spend(known)
        Object.assign(known, begun)
      }
    },
    of(source) {
      const known = atWork.get(source)
      if (known === undefined) return undefined
      const { stage, subject, since, spent } = known
      const stages = [...spent].map(([name, milliseconds]) => ({ stage: name, milliseconds }))
      return { now: { stage, subject, since }, stages }
    },
    end(source) {
      atWork.delete(source)
    },
  }
}

function spend({ stage, begun, spent }: AtWork): void {
  spent.set(stage, Math.round((spent.get(stage) ?? 0) + performance.now() - begun))
}
