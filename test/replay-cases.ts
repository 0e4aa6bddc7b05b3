/**
 * Reads cases of a folder beside this one, and replays them as tests of their own.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { inOneLine } from '../tools/conformance/replay-all.ts'
import type { ConformanceCase, Workplace } from '../tools/conformance/suite.ts'
import { readCases } from '../tools/conformance/suites.ts'
import { type DatabaseKind, databases, migratedLocation } from './databases.ts'
import { inTurn } from './thoroughness.ts'

export function casesIn(folder: string): Promise<readonly ConformanceCase[]> {
  return readCases(fileURLToPath(new URL(`cases/${folder}`, import.meta.url)))
}

/** Defines one test for each case. */
export function testCases(
  cases: readonly ConformanceCase[],
  database: DatabaseKind,
  through: Workplace['through'] = 'process',
): void {
  for (const [index, one] of cases.entries()) {
    if (!inTurn(databases.indexOf(database), databases.length, index)) continue
    test(`${one.id} ${one.title}`, async () => {
      expect(await failureOf(one, database, through)).toBeUndefined()
    })
  }
}

async function failureOf(
  one: ConformanceCase,
  database: DatabaseKind,
  through: Workplace['through'],
): Promise<string | undefined> {
  await using place = await migratedLocation(database)
  const folder = await mkdtemp(join(tmpdir(), 'sluice-case-'))
  try {
    const outcome = await one.replay({ folder, repository: place.location, through })
    return outcome.outcome === 'failed' ? inOneLine(outcome.difference) : undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
