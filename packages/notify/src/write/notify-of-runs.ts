/**
 * Notifies of how runs end, in the transaction that closes them.
 *
 * @module
 */
import { type ClosedRun, nobodyListens, type OnRunClosed } from '@sluice/engine'
import type { Configuration, NotificationKindName, RunReport } from '@sluice/model'
import { ProcessEndedError } from '../notify-errors.ts'
import { describeRun, rejectedIn } from './describe-run.ts'
import { samenessOf } from './sameness.ts'
import { tellDoubtful } from './tell-doubtful.ts'
import { tellOverdue } from './tell-overdue.ts'
import { writeNotification } from './write-notification.ts'

export function notifyOfRuns(
  configuration: Pick<Configuration, 'sources' | 'server' | 'notifications'>,
): OnRunClosed {
  if (configuration.notifications.receivers.size === 0) return nobodyListens
  return async (session, closed) => {
    const { report } = closed
    if (report.source !== null && (report.orders?.overdue ?? 0) > 0) {
      const { run, link } = describeRun(configuration, 'orderOverdue', report)
      await tellOverdue(session, configuration, report.source, { run, link })
    }
    if (report.state === 'applied') await tellDoubtful(session, configuration, report)
    const kind = kindOf(closed)
    if (kind === undefined) return
    await writeNotification(session, configuration, {
      kind,
      sameness: samenessOf(kind, report),
      content: describeRun(configuration, kind, withReason(closed)),
    })
  }
}

/** `undefined`: nobody has to be told. */
function kindOf({ report, way }: ClosedRun): NotificationKindName | undefined {
  switch (way) {
    case 'refused':
      return 'notStarted'
    case 'died':
      return 'failed'
    case 'stopped':
    case 'replaced':
      return undefined
    case 'worked':
    case 'decided':
      return kindOfState(report)
  }
}

function kindOfState(report: RunReport): NotificationKindName | undefined {
  switch (report.state) {
    case 'held':
      return 'held'
    case 'failed':
    case 'interrupted':
      return 'failed'
    case 'applied':
      return rejectedIn(report) > 0 ? 'rejectedRows' : undefined
    // Somebody did so, or another run took its place.
    case 'rejected':
    case 'cancelled':
    case 'running':
    case 'planned':
      return undefined
  }
}

/** A run whose process died could not say so itself. */
function withReason({ report, way }: ClosedRun): RunReport {
  if (way !== 'died') return report
  const { code, message } = new ProcessEndedError()
  return { ...report, error: { code, message } }
}
