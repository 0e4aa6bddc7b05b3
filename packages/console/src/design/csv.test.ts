import { describe, expect, test } from 'vitest'
import { csvOf } from './csv.ts'

describe('a list as CSV', () => {
  test('encloses what holds a separator, a quote or a line', () => {
    expect(
      csvOf(
        ['a', 'b'],
        [
          ['x,y', 'say "no"'],
          ['1\n2', null],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""no"""\r\n"1\n2",\r\n')
  })

  test('is no formula of a spreadsheet', () => {
    expect(csvOf(['a'], [['=1+1'], ['@x'], [-1]])).toBe("a\r\n'=1+1\r\n'@x\r\n-1\r\n")
  })
})
