/**
 * Finds sources of which a run was expected and did not come, and those that have come again.
 *
 * By the clock of the database, so that all servers of a repository agree; whoever has the row of a source tells, and writes
 * down that it did, in one transaction: each is told once, however many servers look.
 *
 * @module
 */
import { type Configuration, type NotificationKindName, notificationKinds } from '@sluice/model'
import {
  type Database,
  isSuspended,
  run,
  type Session,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { writeNotification } from '../write/write-notification.ts'
import { judgeLateness } from './judge-lateness.ts'

type Context = Pick<Configuration, 'sources' | 'notifications'>

/** A source that was found late, or has come again. */
export interface LatenessChange {
  readonly source: string
  readonly change: 'late' | 'recovered'
}

export async function checkLateness(
  database: Database,
  configuration: Context,
): Promise<readonly LatenessChange[]> {
  const expected = [...configuration.sources.values()].flatMap(({ name, expected }) =>
    expected === undefined ? [] : [{ name, expected }],
  )
  if (expected.length === 0) return []
  return await database.transaction(async (session) => {
    await run(session, watch(expected.map(({ name }) => name)))
    const { rows } = await run(session, watched(expected))
    const changes: LatenessChange[] = []
    for (const row of rows) {
      const change = judgeLateness({ overdue: row.overdue, lateSince: row.late_since })
      if (change === undefined) continue
      await tell(session, configuration, row, change)
      changes.push({ source: row.name, change })
    }
    return changes
  })
}

interface Expected {
  readonly name: string
  /** Milliseconds. */
  readonly expected: number
}

function watch(names: readonly string[]): Statement {
  return statement(
    'notify/watch-sources',
    sql`insert into sluice_expected_source (source)
    select unnest(${sql.value(names)}::text[]) on conflict do nothing`,
  )
}

interface WatchedRow {
  readonly name: string
  readonly expected: number
  readonly applied: string | null
  readonly late_since: string | null
  /** When a run should have been applied. */
  readonly due: string
  readonly overdue: boolean
}

/**
 * What another server looks at this moment is left to it. Only of what the source itself has said: ageing and decisions need nothing of it. A suspended
 * one is expected to say nothing, and has all its time again when that is over; one that was late before stays so until it has come.
 */
function watched(expected: readonly Expected[]): Statement<WatchedRow> {
  const [names, intervals] = [expected.map(({ name }) => name), expected.map((one) => one.expected)]
  return statement(
    'notify/watched-sources',
    sql`select e.name, e.expected, last.applied, w.late_since, d.due, d.due < clock_timestamp() as overdue
    from sluice_expected_source w
    join unnest(${sql.value(names)}::text[], ${sql.value(intervals)}::float8[]) e (name, expected) on e.name = w.source
    left join sluice_source s on s.name = w.source
    left join sluice_suspension x on x.source_id = s.source_id
    left join lateral (
      select r.finished_at as applied from sluice_run r where r.source_id = s.source_id and r.state = 'applied'
        and r.cause in ('delivery', 'replicas')
      order by -r.run_id limit 1
    ) last on true
    cross join lateral (
      select greatest(coalesce(last.applied, w.watched_since), case when w.late_since is null then coalesce(x.resumed_at, x.until_at) end)
        + e.expected * interval '1 ms' as due
    ) d
    where not ${isSuspended(sql`s.source_id`)}
    for update of w skip locked`,
  )
}

async function tell(
  session: Session,
  configuration: Context,
  row: WatchedRow,
  change: LatenessChange['change'],
): Promise<void> {
  await run(session, note(row.name, change))
  await writeNotification(session, configuration, {
    kind: change,
    sameness: change,
    content: {
      source: row.name,
      owner: configuration.sources.get(row.name)?.owner ?? null,
      subject: subjectOf(row, change),
      run: null,
      error: null,
      lateness: {
        expected: row.expected,
        lastApplied: row.applied,
        late: change === 'late' ? row.due : (row.late_since ?? row.due),
      },
      link: null,
    },
  })
}

function note(source: string, change: LatenessChange['change']): Statement {
  const late = change === 'late' ? sql`clock_timestamp()` : sql.null
  return statement(
    'notify/note-lateness',
    sql`update sluice_expected_source set late_since = ${late} where source = ${sql.value(source)}`,
  )
}

function subjectOf({ name, applied }: WatchedRow, change: NotificationKindName): string {
  const last = applied === null ? 'no run of it was ever applied' : `last applied ${minuteOf(applied)}`
  return `${name} ${notificationKinds[change].subject} (${last})`
}

/** `2026-11-28 02:30 UTC` */
function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`
}
