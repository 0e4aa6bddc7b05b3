import { describe, expect, test } from 'vitest'
import { associationMapping, entityMapping, modelOf, sourceOf } from '../../../engine/test/small-model.ts'
import { ColumnsDifferError } from '../queue/delivery-errors.ts'
import { checkColumns } from './check-columns.ts'

const source = sourceOf(
  [entityMapping('Person', { number: 'No', name: 'Name' })],
  [associationMapping('Member', 'No', 'Team')],
)

/** Checks a delivery of files with these columns, by mapping. */
function check(columns: Readonly<Record<string, readonly string[]>>): void {
  const file = { kind: 'sorted', size: 0, sha256: '', rows: 0, read: 0 } as const
  const counts = { rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0, deleted: 0 }
  const files = Object.entries(columns).map(([mapping, names]) => ({
    ...file,
    ...counts,
    name: `${mapping}.sorted.csv`,
    mapping,
    columns: [...names],
  }))
  checkColumns(source, modelOf([]), { files })
}

const right = { Person: ['No', 'Name'], Member: ['No', 'Team'] }

describe('a delivery', () => {
  test('with the columns that are mapped is taken', () => {
    expect(() => check(right)).not.toThrow()
  })

  test('without a file of a mapping is refused: nobody may take that for no change', () => {
    expect(() => check({ Person: ['No', 'Name'] })).toThrow('Mapping Member was not delivered.')
  })

  test('of a mapping that is not there is refused', () => {
    expect(() => check({ ...right, Team: ['Code'] })).toThrow(ColumnsDifferError)
  })

  test.each([
    ['one more', ['No', 'Name', 'Mail']],
    ['one less', ['No']],
    ['another', ['No', 'Full name']],
    ['another order', ['Name', 'No']],
    ['a name that would read as two', ['No\nName']],
  ])('with %s is refused, and told which columns are mapped', (_, columns) => {
    expect(() => check({ ...right, Person: columns })).toThrow('No, Name are mapped.')
  })
})
