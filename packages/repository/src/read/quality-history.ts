/**
 * How well the resources of each type were known, day after day: what a trend is drawn of.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { readModel } from './read-model.ts'
import { qualityOf } from './read-quality.ts'
import { entityTypeNamed } from './read-resources.ts'
import type { Quality } from './read-types.ts'

/** So many days are kept: two years, and what is compared with the year before. */
const keptDays = 800

/** The figures of a day (UTC): `[filled, orphans, flapping]` of each property. */
export interface QualityDay {
  readonly day: string
  readonly resources: number
  readonly properties: readonly Omit<Quality['properties'][number], 'required'>[]
}

/**
 * Keeps the figures of today, of types that have none of today yet, one after the other and each by itself: it waits for nobody, and where another
 * process does the same, one of them is kept. Returns of how many types.
 */
export async function keepQuality(database: Database, signal?: AbortSignal): Promise<number> {
  const model = await database.session(readModel)
  const { rows: kept } = await database.session((session) => run(session, keptToday))
  const known = new Set(kept.map(({ type }) => type))
  const missing = [...model.entityTypes.keys()].filter((name) => !known.has(name))
  for (const name of missing) {
    signal?.throwIfAborted()
    await keepType(database, model, name)
  }
  if (missing.length > 0) await database.session((session) => run(session, forgetOld))
  return missing.length
}

async function keepType(database: Database, model: StoredModel, name: string): Promise<void> {
  await database.session(async (session) => {
    const quality = await qualityOf(session, model, entityTypeNamed(model, name))
    await run(session, keep(quality))
  })
}

const today = sql`(clock_timestamp() at time zone 'UTC')::date`

const keptToday = statement<{ type: string }>(
  'read/quality-of-today',
  sql`select entity_type as type from sluice_quality where day = ${today}`,
)

const forgetOld = statement(
  'read/forget-quality',
  sql`delete from sluice_quality where day < ${today} - ${sql.literal(keptDays)}::int`,
)

function keep({ type, resources, properties }: Quality): Statement {
  const figures = Object.fromEntries(
    properties.map(({ property, filled, orphans, flapping }) => [property, [filled, orphans, flapping]]),
  )
  return statement(
    'read/keep-quality',
    sql`insert into sluice_quality (entity_type, day, resources, figures)
    values (${sql.value(type)}, ${today}, ${sql.value(resources)}::bigint, ${sql.value(JSON.stringify(figures))}::jsonb)
    on conflict do nothing`,
  )
}

const figuresSchema = z.record(z.string(), z.tuple([z.number(), z.number(), z.number()]))

/** Of the last so many days, the oldest first; a day on which nothing was kept is not there. */
export async function readQualityHistory(
  database: Database,
  entityType: string,
  days: number,
): Promise<readonly QualityDay[]> {
  const { rows } = await database.session(async (session) => {
    const { name } = entityTypeNamed(await readModel(session), entityType)
    return await run(session, daysOf(name, days))
  })
  return rows.map(({ day, resources, figures }) => ({
    day,
    resources: Number(resources),
    properties: Object.entries(figuresSchema.parse(figures)).map(
      ([property, [filled, orphans, flapping]]) => ({ property, filled, orphans, flapping }),
    ),
  }))
}

function daysOf(type: string, days: number): Statement<{ day: string; resources: string; figures: unknown }> {
  return statement(
    'read/quality-history',
    sql`select day::text as day, resources, figures from sluice_quality
    where entity_type = ${sql.value(type)} and day > ${today} - ${sql.value(days)}::int order by day`,
  )
}
