/**
 * Notifies of exports that failed: no run will tell of them.
 *
 * @module
 */
import { type Configuration, notificationKinds, type RunReport } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { samenessOf } from './sameness.ts'
import { writeNotification } from './write-notification.ts'

interface FailedExport {
  readonly source: string
  readonly error: NonNullable<RunReport['error']>
}

export type OnExportFailed = (session: Session, failed: FailedExport) => Promise<void>

export function notifyOfExports(
  configuration: Pick<Configuration, 'sources' | 'notifications'>,
): OnExportFailed {
  return async (session, { source, error }) => {
    await writeNotification(session, configuration, {
      kind: 'notStarted',
      sameness: samenessOf('notStarted', { error, exceeded: [], entities: [], associations: [] }),
      content: {
        source,
        owner: configuration.sources.get(source)?.owner ?? null,
        subject: `${source} ${notificationKinds.notStarted.subject} (${error.code})`,
        run: null,
        error: { ...error, remedy: error.remedy ?? null },
        lateness: null,
        link: null,
      },
    })
  }
}
