import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { displayValue } from './display-value.ts'
import { formatTable } from './table.ts'

describe('tables', () => {
  test('align numbers to the right and everything else to the left', () => {
    const lines = formatTable(
      [{ title: 'type' }, { title: 'read', align: 'right' }],
      [
        ['Person', '1,234'],
        ['部署', '7'],
      ],
      { width: 80 },
    )
    expect(lines).toEqual(['type     read', 'Person  1,234', '部署        7'])
  })

  test('take the room they lack from the widest column', () => {
    const lines = formatTable([{ title: 'key' }, { title: 'name' }], [['P-1', 'a very long name indeed']], {
      width: 16,
    })
    expect(lines).toEqual(['key  name', 'P-1  a very lon…'])
  })

  test('never become wider than the window while a column has room to give', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 }).map(displayValue)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
        fc.integer({ min: 40, max: 120 }),
        (rows, width) => {
          const lines = formatTable([{ title: 'a' }, { title: 'b' }, { title: 'c', align: 'right' }], rows, {
            width,
          })
          return lines.every((line) => stringWidth(line) <= width)
        },
      ),
    )
  })

  test('values cannot command the terminal', () => {
    expect(displayValue('a\u001b[31mb\r\nc\u202ed')).toBe('a\\u001b[31mb\\r\\nc\\u202ed')
  })
})
