/**
 * Replays a case block by block and stops at the first that comes out otherwise.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import type { Difference, Outcome, Workplace } from '../suite.ts'
import { CaseHarness } from './case-harness.ts'
import { parseCsv } from './csv-text.ts'
import { driftTo } from './drift.ts'
import { countersOf, linksOf, preparedFile, referenceFile, resourcesOf } from './look-up.ts'
import type { Case, Step } from './read-case.ts'
import type { Statement } from './read-line.ts'
import { thresholdName } from './thresholds.ts'

export async function replayCase({ config, steps }: Case, workplace: Workplace): Promise<Outcome> {
  await using harness = await CaseHarness.open(config, workplace)
  for (const step of steps) {
    const difference = await attempt(harness, step)
    if (difference !== undefined) return { outcome: 'failed', difference }
  }
  return { outcome: 'ok' }
}

async function attempt(harness: CaseHarness, step: Step): Promise<Difference | undefined> {
  try {
    return await take(harness, step)
  } catch (error) {
    const found = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { block: step.block, expected: 'no error', found }
  }
}

async function take(harness: CaseHarness, step: Step): Promise<Difference | undefined> {
  const compare = (expected: string, found: string) =>
    expected === found ? undefined : { block: step.block, expected, found }
  switch (step.kind) {
    case 'source':
      await harness.exportTable(step.table, step.text)
      return undefined
    case 'database':
      await driftTo(harness, step.entityType, parseCsv(step.text))
      return undefined
    case 'previous':
      await writeFile(harness.referencePath(step.mapping), `${step.text}\n`)
      return undefined
    case 'expect-previous':
      return compare(step.text, await referenceFile(harness, step.mapping))
    case 'run':
      for (const command of step.commands) await harness.run(command)
      return undefined
    case 'expect-file':
      return compare(step.text, await preparedFile(harness, step.file))
    case 'expect-database': {
      const [header = ''] = step.text.split('\n')
      return compare(step.text, await resourcesOf(harness, step.entityType, header))
    }
    case 'expect-links':
      return compare(step.text, await linksOf(harness, step.association))
    case 'expect':
      return firstDifference(harness, step.block, step.statements)
  }
}

async function firstDifference(
  harness: CaseHarness,
  block: string,
  statements: readonly Statement[],
): Promise<Difference | undefined> {
  for (const statement of statements) {
    const { expected, found } = await look(harness, statement)
    if (expected !== found) return { block, expected, found }
  }
  return undefined
}

/** Both sides as the line of the statement. */
async function look(
  harness: CaseHarness,
  statement: Statement,
): Promise<{ readonly expected: string; readonly found: string }> {
  switch (statement.kind) {
    case 'session': {
      const { session, status } = statement
      const line = (is: string) => `session ${session} ${is}`
      return { expected: line(status), found: line(await harness.statusOf(session)) }
    }
    case 'order': {
      const line = (sessions: readonly string[]) => `order ${sessions.join(' ')}`
      return { expected: line(statement.sessions), found: line(harness.applied) }
    }
    case 'counts':
      return lookAtCounts(harness, statement)
    case 'by': {
      const report = await harness.reportOf(statement.session)
      const exceeded = report?.exceeded ?? []
      const line = (thresholds: readonly string[]) =>
        `by ${statement.session} ${[...thresholds].sort().join(' ')}`
      return {
        expected: line(statement.thresholds),
        found: line(exceeded.map((one) => thresholdName(one, harness.names.mapping))),
      }
    }
  }
}

async function lookAtCounts(harness: CaseHarness, { session, counts }: Statement & { kind: 'counts' }) {
  const report = await harness.reportOf(session)
  const counted = report && countersOf(report)
  const line = (values: readonly (number | undefined)[]) =>
    [
      'counts',
      session,
      ...counts.map(({ counter }, index) => `${counter}=${values[index] ?? 'no run'}`),
    ].join(' ')
  return {
    expected: line(counts.map(({ value }) => value)),
    found: line(counts.map(({ counter }) => counted?.[counter])),
  }
}
