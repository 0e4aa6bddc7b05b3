/**
 * How the figures of a source went over its last applied runs, as they are drawn.
 *
 * @module
 */
import type { Reply } from '../api/ask.ts'

export type TrendRun = Reply<'GET /source-trends'>['sources'][number]['runs'][number]

export interface SourceTrend {
  /** Numbers of the runs, the oldest first. */
  readonly runs: readonly number[]
  /** When each was applied: `2026-11-30 08:15`, UTC. */
  readonly times: readonly string[]
  /** Rows that came and were not rejected. */
  readonly taken: readonly number[]
  readonly rejected: readonly number[]
  readonly faulty: readonly number[]
  /** Hours since the run before was applied, with one decimal; `null`: none is kept. */
  readonly age: readonly (number | null)[]
}

export function sourceTrendOf(runs: readonly TrendRun[]): SourceTrend {
  return {
    runs: runs.map(({ run }) => run),
    times: runs.map(({ at }) => at.slice(0, 16).replace('T', ' ')),
    taken: runs.map(({ read, rejected }) => read - rejected),
    rejected: runs.map(({ rejected }) => rejected),
    faulty: runs.map(({ faulty }) => faulty),
    age: runs.map(({ age }) => (age === null ? null : Math.round(age / 360_000) / 10)),
  }
}
