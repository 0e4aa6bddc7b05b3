import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allOf, anyOf, columnOfRow, commas, more, unionAll } from './fragments.ts'
import { type SQL, sql } from './statement.ts'

const text = (fragment: SQL) => sql.compile(fragment).text
const [a, b, c] = [sql`a`, sql`b`, sql`c`]

describe('a list', () => {
  test('stands between commas', () => {
    expect(text(sql`select ${commas([a, b])}`)).toBe('select a, b')
  })

  test('goes on behind what stands there already', () => {
    expect(text(sql`select x${more([a, b])}`)).toBe('select x, a, b')
  })

  test('of nothing leaves no trace', () => {
    expect(text(sql`select x${commas([])}${more([])} from t`)).toBe('select x from t')
  })
})

describe('conditions', () => {
  test('keep together wherever they stand', () => {
    expect(text(sql`not ${allOf([a, anyOf([b, c])])}`)).toBe('not ((a) and (((b) or (c))))')
  })

  test('of which there is none: all of them hold, none of them does', () => {
    expect(text(sql`${allOf([])} ${anyOf([])}`)).toBe('TRUE FALSE')
  })

  /** A condition over constants, and whether it holds. */
  interface Condition {
    readonly query: SQL
    readonly holds: boolean
  }
  const constant = fc.boolean().map((holds): Condition => ({ query: holds ? sql`1` : sql`0`, holds }))
  const joined = (of: fc.Arbitrary<Condition>) =>
    fc.tuple(fc.boolean(), fc.array(of, { maxLength: 3 })).map(([all, parts]): Condition => {
      const queries = parts.map(({ query }) => query)
      return all
        ? { query: allOf(queries), holds: parts.every(({ holds }) => holds) }
        : { query: anyOf(queries), holds: parts.some(({ holds }) => holds) }
    })

  test('mean the same however they are put into one another', () => {
    fc.assert(
      fc.property(joined(joined(joined(constant))), ({ query, holds }) => {
        expect(holdsWritten(text(query))).toBe(holds)
      }),
    )
  })
})

/** What a condition of TRUE, FALSE, 1, 0, and, or and parentheses comes to: the innermost first, `and` before `or`. */
function holdsWritten(condition: string): boolean {
  let rest = condition.replaceAll('TRUE', '1').replaceAll('FALSE', '0')
  for (let before = ''; before !== rest; ) {
    before = rest
    rest = rest.replace(/\(([01])\)/, '$1')
    if (rest === before)
      rest = rest.replace(/([01]) and ([01])/, (_, x, y) => (x === '1' && y === '1' ? '1' : '0'))
    if (rest === before)
      rest = rest.replace(/([01]) or ([01])/, (_, x, y) => (x === '1' || y === '1' ? '1' : '0'))
  }
  return rest === '1'
}

test('queries are joined with all their rows', () => {
  expect(text(unionAll([sql`select 1`, sql`select 1`]))).toBe('select 1 union all select 1')
})

test('a column of a row is quoted, its alias is not', () => {
  expect(text(columnOfRow(sql`s`, 'order'))).toBe('s."order"')
})
