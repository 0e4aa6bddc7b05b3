import { describe, expect, test } from 'vitest'
import type { Property } from '../entity/entity-model.ts'
import type { ValueFormat } from './source.ts'
import { eitherSpelling, spellingOf } from './spelling.ts'

type NamingType = 'integer' | 'decimal' | 'boolean' | 'uuid' | 'date' | 'datetime'

const of = (type: NamingType, format: ValueFormat = {}) => {
  const spelling = spellingOf({ name: 'p', type, required: false }, format)
  if (spelling === undefined) throw new Error(`${type} has one spelling`)
  return spelling
}

describe('the spelling of a name', () => {
  test.each<readonly [NamingType, ValueFormat, string, string]>([
    ['integer', {}, '0042', '42'],
    ['integer', {}, '+5', '5'],
    ['integer', {}, '-007', '-7'],
    ['integer', {}, '-0', '0'],
    ['integer', {}, '000', '0'],
    ['integer', { thousandsSeparator: '.' }, '1.234', '1234'],
    ['decimal', {}, '19.0', '19'],
    ['decimal', { decimalSeparator: ',' }, '19,50', '19.5'],
    ['decimal', {}, '-0.00', '0'],
    ['decimal', {}, '0.50', '0.5'],
    ['boolean', {}, 'TRUE', 'true'],
    ['boolean', { words: { true: ['Ja'], false: ['Nein'] } }, 'Nein', 'false'],
    ['uuid', {}, 'D9D0B1A4-0000-4000-8000-00000000000A', 'd9d0b1a4-0000-4000-8000-00000000000a'],
    ['date', {}, '2026-02-28', '2026-02-28'],
    ['date', { format: 'd.M.yyyy' }, '3.2.2026', '2026-02-03'],
    ['date', { format: 'd.M.yyyy' }, '03.02.2026', '2026-02-03'],
    ['datetime', {}, '2026-02-03T01:30:00+02:00', '2026-02-02 23:30:00+00'],
    ['datetime', {}, '2026-02-03', '2026-02-03 00:00:00+00'],
    ['datetime', {}, '2026-02-03T01:30:00.1234560Z', '2026-02-03 01:30:00.123456+00'],
    ['datetime', {}, '2026-12-31T23:59:59.9999999Z', '2027-01-01 00:00:00+00'],
    ['datetime', { format: 'dd/MM/yyyy HH:mm' }, '03/02/2026 01:30', '2026-02-03 01:30:00+00'],
  ])('of %s %j is one for each value: %s is %s', (type, format, text, spelled) => {
    expect(of(type, format).of(text)).toBe(spelled)
  })

  test.each<readonly [NamingType, ValueFormat, string]>([
    ['integer', {}, '4 2'],
    ['integer', {}, '9223372036854775808'],
    ['integer', { thousandsSeparator: '.' }, '1.5'],
    ['decimal', { decimalSeparator: ',' }, '19.0'],
    ['uuid', {}, '{d9d0b1a4-0000-4000-8000-00000000000a}'],
    ['date', {}, '2026-02-30'],
    ['datetime', {}, '9999-12-31T23:59:59-01:00'],
  ])('of %s %j is none where the text is no value: %s', (type, format, text) => {
    expect(of(type, format).of(text)).toBeUndefined()
  })

  test('is the text itself where each text is a value of its own', () => {
    const properties: readonly Property[] = [
      { name: 'p', type: 'string', required: false },
      { name: 'p', type: 'text', required: false },
      { name: 'p', type: 'enum', required: false, values: ['a'] },
    ]
    expect(properties.map((property) => spellingOf(property, {}))).toEqual([undefined, undefined, undefined])
  })

  test('of two formats is that of the first that reads the text', () => {
    const either = eitherSpelling(of('date', { format: 'dd.MM.yyyy' }), of('date'))
    expect(['03.02.2026', '2026-02-03', '3/2/26'].map((text) => either.of(text))).toEqual([
      '2026-02-03',
      '2026-02-03',
      undefined,
    ])
  })
})
