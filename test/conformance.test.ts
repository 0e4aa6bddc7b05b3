/**
 * Replays the cases: the given ones in `cases/sync-up`, and ours in the same format in `cases/own`.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inOneLine } from '../tools/conformance/replay-all.ts'
import type { ConformanceCase, Workplace } from '../tools/conformance/suite.ts'
import { readCases } from '../tools/conformance/suites.ts'
import { type DatabaseKind, databases, testLocation } from './databases.ts'

const given = await casesIn('sync-up')
const own = await casesIn('own')

describe.each(databases)('on %s', (database) => {
  // Ours are about behaviour, in which the databases do not differ.
  for (const one of database === 'postgres-18' ? [...given, ...own] : given) {
    test(`${one.id} ${one.title}`, async () => {
      expect(await failureOf(one, database)).toBeUndefined()
    })
  }
})

describe('on postgres-18, through HTTP', () => {
  for (const one of given) {
    test(`${one.id} ${one.title}`, async () => {
      expect(await failureOf(one, 'postgres-18', 'http')).toBeUndefined()
    })
  }
})

function casesIn(folder: string): Promise<readonly ConformanceCase[]> {
  return readCases(fileURLToPath(new URL(`cases/${folder}`, import.meta.url)))
}

async function failureOf(
  one: ConformanceCase,
  database: DatabaseKind,
  through: Workplace['through'] = 'process',
): Promise<string | undefined> {
  await using place = await testLocation(database)
  const folder = await mkdtemp(join(tmpdir(), 'sluice-case-'))
  try {
    const outcome = await one.replay({ folder, repository: place.location, through })
    return outcome.outcome === 'failed' ? inOneLine(outcome.difference) : undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
