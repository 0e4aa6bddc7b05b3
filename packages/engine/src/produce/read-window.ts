/**
 * What was stored of a source when the runs of the last days, or the last runs, began: losses that are small each time add up.
 *
 * A run that a person approved or forced has been looked at, with all that was gone by then; so a window begins behind it.
 *
 * @module
 */
import { runLife, type Source, type ThresholdWindow } from '@sluice/model'
import { run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'
import type { Past } from '../changes/produced.ts'

const countsSchema = z.array(
  z.object({
    mapping: z.string(),
    source: z.string(),
    stored: z.number(),
    changes: z.object({ inserted: z.number(), deleted: z.number() }),
  }),
)

/** `undefined` where nothing was applied in the window. */
export async function readWindow(
  session: Session,
  sourceId: number,
  { name, thresholds }: Source,
): Promise<Past | undefined> {
  if (thresholds.window === undefined) return undefined
  const { rows } = await run(session, firstInWindow(sourceId, thresholds.window))
  const [first] = rows
  if (first === undefined) return undefined
  const counts = [...countsSchema.parse(first.entities), ...countsSchema.parse(first.associations)]
  const own = counts.filter(({ source }) => source === name)
  // A first load found nothing, and left what the next runs take from.
  const stored = own.map(({ mapping, stored: before, changes: { inserted, deleted } }) => {
    return [mapping, Math.max(before, before + inserted - deleted)] as const
  })
  return { since: first.started_at, stored: new Map(stored) }
}

interface FirstRun {
  readonly started_at: string
  readonly entities: unknown
  readonly associations: unknown
}

function firstInWindow(sourceId: number, window: ThresholdWindow): Statement<FirstRun> {
  const applied = sql`source_id = ${sql.literal(sourceId)} and state = ${sql.literal(runLife.destinationOf('passed'))}`
  const seen = sql`(decided_by is not null or (forced and jsonb_array_length(report->'exceeded') > 0))`
  return statement(
    'produce/read-window',
    sql`select started_at, report->'entities' as entities, report->'associations' as associations
    from (select * from sluice_run where ${applied} and ${beginOf(window)}
      and run_id > coalesce((select max(run_id) from sluice_run where ${applied} and ${seen}), 0)
      order by run_id desc ${'runs' in window ? sql`limit ${sql.literal(window.runs - 1)}` : sql.blank}) latest
    order by run_id limit 1`,
  )
}

function beginOf(window: ThresholdWindow): SQL {
  return 'days' in window ? sql`started_at > now() - ${sql.value(`${window.days} days`)}::interval` : sql.true
}
