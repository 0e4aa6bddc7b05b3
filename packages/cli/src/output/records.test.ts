import { expect, test } from 'vitest'
import { withoutFormula } from './records.ts'

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  ['-5', '-5'],
  ['+49.30', '+49.30'],
  ['a=b', 'a=b'],
  ['', ''],
  [-5, -5],
  [null, null],
])('%j in a cell of a spreadsheet is %j', (value, cell) => {
  expect(withoutFormula(value)).toBe(cell)
})
