/**
 * Replays cases one after the other, each in a workplace of its own, and says how each ended.
 *
 * @module
 */
import type { ConformanceCase, Difference, Outcome, Workplace } from './suite.ts'
import { openWorkplaces, type Workplaces } from './workplaces.ts'

export interface ReplayOptions {
  /** `pglite`, or the URL of a PostgreSQL server. */
  readonly database: string
  readonly through?: Workplace['through']
  /** Titles, times, and differences over several lines. */
  readonly verbose: boolean
  readonly print: (line: string) => void
}

export interface Tally {
  readonly ok: number
  readonly failed: number
  readonly skipped: number
}

export async function replayAll(cases: readonly ConformanceCase[], options: ReplayOptions): Promise<Tally> {
  const { print, verbose } = options
  await using workplaces = await openWorkplaces(options.database, options.through)
  const tally = { ok: 0, failed: 0, skipped: 0 }
  for (const one of cases) {
    if (one.skipped !== undefined) {
      tally.skipped += 1
      print(`${one.id} skipped: ${one.skipped}${verbose ? `  ${one.title}` : ''}`)
      continue
    }
    const started = performance.now()
    const outcome = await replay(one, workplaces)
    tally[outcome.outcome] += 1
    for (const line of describe(one, outcome, verbose, performance.now() - started)) print(line)
  }
  print(`${tally.ok} ok, ${tally.failed} failed, ${tally.skipped} skipped`)
  return tally
}

/** An error nobody expected is a failure of this case, not the end of the others. */
async function replay(one: ConformanceCase, workplaces: Workplaces): Promise<Outcome> {
  try {
    await using workplace = await workplaces.open()
    return await one.replay(workplace)
  } catch (error) {
    const found = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { outcome: 'failed', difference: { block: 'workplace', expected: 'no error', found } }
  }
}

function describe(
  { id, title }: ConformanceCase,
  outcome: Outcome,
  verbose: boolean,
  milliseconds: number,
): readonly string[] {
  const more = verbose ? `  ${title}  (${Math.round(milliseconds)} ms)` : ''
  switch (outcome.outcome) {
    case 'ok':
      return [`${id} ok${more}`]
    case 'failed':
      return verbose
        ? [`${id} FAIL${more}`, ...atLength(outcome.difference)]
        : [`${id} FAIL ${inOneLine(outcome.difference)}`]
  }
}

/** One line per case, so line breaks are written as \n. */
export function inOneLine({ block, expected, found }: Difference): string {
  return `${block}, expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`
}

function atLength({ block, expected, found }: Difference): readonly string[] {
  const indented = (text: string) => text.split('\n').map((line) => `      ${line}`)
  return [`  ${block}`, '    expected', ...indented(expected), '    found', ...indented(found)]
}
