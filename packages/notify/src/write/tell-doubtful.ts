/**
 * Tells of rows that several resources match where a run has come to find them so: of each once, until somebody has decided about it.
 *
 * @module
 */
import {
  type Configuration,
  matchLife,
  type Notified,
  notificationKinds,
  type RunReport,
} from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { describeRun } from './describe-run.ts'
import { writeNotification } from './write-notification.ts'

type Context = Pick<Configuration, 'sources' | 'server' | 'notifications'>

/** So many are told one by one. */
const mostTold = 20

/** Of a run that was applied. */
export async function tellDoubtful(
  session: Session,
  configuration: Context,
  report: RunReport,
): Promise<void> {
  if (!report.entities.some(({ replicas }) => (replicas?.doubtful ?? 0) > 0)) return
  const { rows } = await run(session, newlyDoubtful(report.run))
  if (rows.length === 0) return
  const content = describeRun(configuration, 'doubtfulRows', report)
  await writeNotification(session, configuration, {
    kind: 'doubtfulRows',
    sameness: 'doubtfulRows',
    content: {
      ...content,
      subject: `${report.source}: run ${report.run} ${notificationKinds.doubtfulRows.subject} (${rows.length})`,
      doubtful: rows.slice(0, mostTold),
    },
  })
}

/** Those that waited before are known; that their candidates have changed is no news. */
function newlyDoubtful(runId: number | null): Statement<NonNullable<Notified['doubtful']>[number]> {
  return statement(
    'notify/newly-doubtful',
    sql`select m.entity_type as "entityType", m.key, m.candidate_count as count
    from sluice_match m join sluice_run r on r.run_id = m.state_run
    where m.state_run = ${sql.value(runId)}::bigint and m.state = ${sql.literal(matchLife.destinationOf('doubted'))} and m.state_since >= r.started_at
    order by m.position`,
  )
}
