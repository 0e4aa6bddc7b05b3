/**
 * Whether two events are the same thing again: told once in a while, however often it happens.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { NotificationKindName, RunReport } from '@sluice/model'

type Facts = Pick<RunReport, 'error' | 'exceeded' | 'entities' | 'associations'>

/** Equal for what says nothing new: numbers, times and ids may differ, what is wrong may not. */
export function samenessOf(kind: NotificationKindName, report: Facts): string {
  return hashOf([kind, ...factsOf(report)])
}

/** The same of what no run tells of: equal where its facts are, and its message but for numbers. */
export function samenessOfFacts(
  kind: NotificationKindName,
  facts: readonly string[],
  message: string,
): string {
  return hashOf([kind, ...facts, withoutNumbers(message)])
}

function hashOf(facts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

function factsOf({ error, exceeded, entities, associations }: Facts): readonly string[] {
  const rejecting = [...entities, ...associations].flatMap(({ mapping, rows }) =>
    (rows?.rejected ?? 0) > 0 ? [mapping] : [],
  )
  return [
    error?.code ?? '',
    withoutNumbers(error?.message ?? ''),
    ...exceeded
      .map(({ level, source = '', threshold, by }) => [level, source, threshold, by].join(' '))
      .sort(),
    ...rejecting.sort(),
  ]
}

/** Ids, counts and times differ from one time to the next. */
function withoutNumbers(message: string): string {
  return message.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '#').replaceAll(/\d+/g, '#')
}
