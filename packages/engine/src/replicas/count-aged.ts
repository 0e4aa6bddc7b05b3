/**
 * How many replicas of a source have aged: they have disappeared, or their retention is over, and no run has done anything about it yet.
 *
 * @module
 */
import { commas, one, type Statement, sql, statement } from '@sluice/repository'
import { disappearing } from './find-missing.ts'
import type { SharedPart } from './shared-part.ts'

export interface Aged {
  /** Those that no run has tried. */
  readonly due: number
  /** Those of which a run could not do it: something requires the resource, another source locks what would be written. */
  readonly refused: number
}

export async function countAged(part: SharedPart): Promise<Aged> {
  if (part.shape.federation.deletePolicy.action === 'ignore') return { due: 0, refused: 0 }
  return await one(part.session, count(part))
}

function count(part: SharedPart): Statement<{ due: number; refused: number }> {
  const { shape } = part
  const { action } = shape.federation.deletePolicy
  const { gone, over } = disappearing(part)
  const aged = action === 'update' ? gone : sql`((${gone}) or (${over}))`
  const codes = commas(refusals[action].map((code) => sql.literal(code)))
  const refused = sql`coalesce(r.error ->> 'code' in (${codes}), false)`
  return statement(
    `replicas/count-aged ${shape.mapping.name}`,
    sql`select (count(*) filter (where not ${refused}))::int as due, (count(*) filter (where ${refused}))::int as refused
    from ${shape.replicas} r where ${aged}`,
  )
}

const unmarked = ['never_attached', 'locked', 'resource_gone'] as const

/** What stands as the error of a row of which it was tried. */
const refusals = {
  ignore: ['delete_refused'],
  delete: ['delete_refused'],
  update: unmarked,
  update_then_delete: [...unmarked, 'delete_refused'],
} as const
