import type { Session } from '@sluice/repository'
import { sql, statement } from '@sluice/repository'
import { describe, expect, test } from 'vitest'
import { analyzeTable, type WorkTableKind, WorkTables } from './work-tables.ts'

/** Executes nothing and writes down what it was asked to. */
function listening() {
  const asked: string[] = []
  const session: Session = {
    query: async (text) => {
      asked.push(text)
      return { rows: [], count: 0 }
    },
    execute: async (text) => {
      asked.push(text)
    },
    copyFrom: async () => ({ rows: 0, sha256: '' }),
  }
  return { asked, session }
}

const tablesOf = (part: { runId?: number; few?: boolean; temporaryTables?: boolean } = {}) => {
  const { asked, session } = listening()
  return {
    asked,
    session,
    tables: new WorkTables(session, { runId: 7, few: true, temporaryTables: true, ...part }),
  }
}

describe('a work table', () => {
  test('is named for its run, for what it holds and for what that is about', () => {
    const { tables } = tablesOf()
    expect(tables.named('candidates', 'Person').name).toBe('sluice_run_7_candidates_person')
    expect(tables.named('bad_rows').name).toBe('sluice_run_7_bad_rows')
  })

  test('of a plan is named so that it meets that of no other plan', () => {
    const [one, other] = [tablesOf({ runId: 0 }), tablesOf({ runId: 0 })].map(
      ({ tables }) => tables.named('held').name,
    )
    expect(one).toMatch(/^sluice_plan_[a-z0-9]+_held$/)
    expect(one).not.toBe(other)
  })

  test('about long names that begin alike has a name of its own that the database does not cut', () => {
    const { tables } = tablesOf()
    const long = 'P'.repeat(50)
    const kinds: readonly WorkTableKind[] = ['candidates', 'external_unattached', 'changed_key_resources']
    const names = kinds.flatMap((kind) =>
      [`${long}1`, `${long}2`].map((about) => tables.named(kind, about).name),
    )
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name.length).toBeLessThanOrEqual(63)
  })

  test.each([
    [{ few: true, temporaryTables: true }, 'create temporary table', ' on commit drop'],
    [{ few: true, temporaryTables: false }, 'create  table', ''],
    [{ few: false, temporaryTables: true }, 'create unlogged table', ''],
  ])('of a run with %j is made by: %s%s', async (part, words, end) => {
    const { asked, tables } = tablesOf(part)
    await tables.fill(tables.named('candidates', 'Person'), statement('test/fill', sql`select 1`))
    expect(asked).toEqual([`/* test/fill */ ${words} "sluice_run_7_candidates_person"${end} as select 1`])
  })

  test.each([
    [{ few: false }, ['"sluice_run_7_candidates"', '"sluice_run_7_pairs"']],
    // The others go with the transaction.
    [{ few: true }, ['"sluice_run_7_candidates"']],
  ])(
    'of a run with %j is dropped once: when it is not needed any more, or with all the others',
    async (part, names) => {
      const { asked, tables } = tablesOf(part)
      const [candidates, pairs] = [tables.named('candidates'), tables.named('pairs')]
      for (const table of [candidates, pairs]) await tables.create('test/create', table, sql`n int`)
      await tables.drop([candidates])
      await tables.drop()
      await tables.drop()
      const dropped = asked.filter((text) => text.includes('drop table'))
      expect(dropped.map((text) => text.replace(/^.*drop table /, ''))).toEqual(names)
    },
  )

  test.each([
    [1_999, []],
    [2_000, ['/* work-tables/analyze */ analyze "sluice_run_7_pairs" ("_row")']],
    [10_000, ['/* work-tables/analyze */ analyze "sluice_run_7_pairs"']],
  ])('of %i rows is analyzed by %j', async (rows, statements) => {
    const { asked, session, tables } = tablesOf()
    await analyzeTable(session, tables.named('pairs'), rows, '_row')
    expect(asked).toEqual(statements)
  })
})
