/**
 * What the bench has in common: a clock, medians, and the row of its table.
 *
 * @module
 */

/** One line of the table: ours against a floor measured in the same run. */
export interface BenchRow {
  readonly task: string
  readonly floor: string
  readonly floorMilliseconds: number
  readonly milliseconds: number
  readonly ratio: number
  /** What the project promises; `null` where it promises nothing. */
  readonly limit: number | null
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** The ratio is the median of the ratios of each round, not the ratio of the medians. */
export function benchRow(
  of: { readonly task: string; readonly floor: string; readonly limit: number | null },
  rounds: readonly { readonly floor: number; readonly ours: number }[],
): BenchRow {
  return {
    ...of,
    floorMilliseconds: median(rounds.map(({ floor }) => floor)),
    milliseconds: median(rounds.map(({ ours }) => ours)),
    ratio: median(rounds.map(({ floor, ours }) => ours / floor)),
  }
}
