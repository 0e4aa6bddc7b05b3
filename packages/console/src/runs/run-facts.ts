/**
 * What lists and charts say of a run: its report, summed up.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'

export interface RunFacts {
  readonly read: number
  readonly rejected: number
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  /** Milliseconds; `undefined` of one that is at work. */
  readonly duration: number | undefined
}

export function factsOf(report: RunReport): RunFacts {
  const parts = [...report.entities, ...report.associations]
  const sum = (count: (part: (typeof parts)[number]) => number) =>
    parts.reduce((total, part) => total + count(part), 0)
  return {
    read: sum(({ rows }) => rows?.read ?? 0),
    rejected: sum(({ rows }) => rows?.rejected ?? 0),
    inserted: sum(({ changes }) => changes.inserted),
    updated: sum(({ changes }) => changes.updated),
    deleted: sum(({ changes }) => changes.deleted),
    duration: durationOf(report),
  }
}

/** What agents did before it began is in its stages alone. */
function durationOf({ startedAt, finishedAt, stages, state, decision }: RunReport): number | undefined {
  if (state === 'running') return undefined
  const worked = stages.reduce((total, { milliseconds }) => total + milliseconds, 0)
  // One that was held has waited for somebody, which is no work.
  if (worked > 0 || decision !== null || finishedAt === null) return worked
  return Date.parse(finishedAt) - Date.parse(startedAt)
}

/** `12 %`, and below ten with one digit: `4.2 %`. */
export function percentText(part: number, total: number): string {
  if (total === 0) return '–'
  const percent = (part / total) * 100
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : Number(percent.toPrecision(2))} %`
}
