import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noRows } from '../rows/entity-rows.ts'
import type { RowCounts } from '../rows/staged-rows.ts'
import { accounted } from './source-report.ts'

const counts: RowCounts = {
  rows: 10,
  read: 10,
  rejected: 0,
  nullKey: 0,
  duplicate: 0,
  noLink: 0,
  unchanged: 0,
}

describe('the account of the rows of a mapping', () => {
  test('calls unchanged what no change came from', () => {
    expect(accounted(counts, noRows, { inserted: 2, updated: 3 })).toMatchObject({
      read: 10,
      inserted: 2,
      updated: 3,
      unchanged: 5,
    })
  })

  test('counts what was set aside before the rows were staged with what was set aside since', () => {
    const staged = { ...counts, read: 16, rejected: 1, nullKey: 2, duplicate: 3 }
    const found = { ...noRows, rejected: 1, nullKey: 1, overruled: 1 }
    expect(accounted(staged, found, { inserted: 0, updated: 0 })).toMatchObject({
      rejected: 2,
      nullKey: 3,
      duplicate: 4,
      unchanged: 7,
    })
  })

  test('counts a delete among the rows where the system itself said so', () => {
    expect(accounted(counts, { ...noRows, deletes: 4 }, { inserted: 0, updated: 0 })).toMatchObject({
      deleted: 4,
      unchanged: 6,
    })
  })

  test('does not count a delete that comparing files has found: no row says it', () => {
    // Ten rows of commands, two of which are deletes; twenty rows were read, of which twelve were as before.
    const compared = { ...counts, read: 20, unchanged: 12 }
    expect(accounted(compared, { ...noRows, deletes: 2 }, { inserted: 8, updated: 0 })).toMatchObject({
      deleted: 0,
      unchanged: 12,
    })
  })

  test('puts every row that was read into exactly one place', () => {
    const count = fc.nat(50)
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        count,
        (rejected, filtered, nullKey, duplicate, inserted, updated) => {
          const rows = inserted + updated + 7
          const read = rows + rejected + filtered + nullKey + duplicate
          const account = accounted(
            { ...counts, rows, read, rejected, filtered, nullKey, duplicate },
            noRows,
            {
              inserted,
              updated,
            },
          )
          const { read: all, ...places } = account
          return (
            Object.values(places).reduce<number>((sum, place = 0) => sum + place, 0) === all &&
            account.unchanged === 7
          )
        },
      ),
    )
  })
})
