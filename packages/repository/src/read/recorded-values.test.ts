import type { Property } from '@sluice/model'
import { expect, test } from 'vitest'
import { recordedValues } from './recorded-values.ts'

const properties: readonly Property[] = [
  { name: 'name', type: 'string', required: false },
  { name: 'serial', type: 'integer', required: false },
  { name: 'balance', type: 'decimal', required: false },
]

test('integers are numbers where a number can hold them, and else their exact text', () => {
  expect(recordedValues('{"serial": 42}', properties)).toEqual({ serial: 42 })
  expect(recordedValues('{"serial": 9007199254740991}', properties)).toEqual({ serial: 9007199254740991 })
  expect(recordedValues('{"serial": 9007199254740993}', properties)).toEqual({ serial: '9007199254740993' })
  expect(recordedValues('{"serial": -8988211000000000017}', properties)).toEqual({
    serial: '-8988211000000000017',
  })
})

test('decimals are their exact text, with every digit, also without a fraction', () => {
  const digits = '1234567890123456789012345678901234567890.10'
  expect(recordedValues(`{"balance": ${digits}}`, properties)).toEqual({ balance: digits })
  expect(recordedValues('{"balance": 5}', properties)).toEqual({ balance: '5' })
})

test('values stand in the order of the model, and those it has lost meanwhile behind them', () => {
  const values = recordedValues('{"gone": 1.5, "serial": 1, "name": "12"}', properties)
  expect(Object.entries(values ?? {})).toEqual([
    ['name', '12'],
    ['serial', 1],
    ['gone', '1.5'],
  ])
})
