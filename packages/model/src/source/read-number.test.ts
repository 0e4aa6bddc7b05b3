import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberReader } from './read-number.ts'
import type { ValueFormat } from './source.ts'

const decimal = (text: string, format: ValueFormat = {}) => numberReader('decimal', format)(text)
const integer = (text: string, format: ValueFormat = {}) => numberReader('integer', format)(text)

describe('a decimal', () => {
  test.each([
    ['.5', '0.5'],
    ['-.25', '-0.25'],
    ['3.', '3'],
    ['7-', '-7'],
    ['\u22127', '-7'],
    ['7.5\u2212', '-7.5'],
    ['-0', '0'],
    ['+04.50', '4.5'],
    [' 4', '4'],
    ['\u00a04\t', '4'],
    ['1.5E3', '1500'],
    ['1.5e-3', '0.0015'],
    ['12345E-5', '0.12345'],
    ['0E9', '0'],
    ['123456789012345678901234567890.5', '123456789012345678901234567890.5'],
  ])('that is written %j is %s', (text, expected) => {
    expect(decimal(text)).toBe(expected)
  })

  test.each([
    '',
    '-',
    '.',
    '-7-',
    '1 2',
    '1.5E',
    'E3',
    '1e1000',
    '50%',
    '1,5',
    '- 7',
    '4\n',
    '0x1F',
    'NaN',
    '٣',
  ])('is not %j', (text) => {
    expect(decimal(text)).toBeUndefined()
  })

  test('is what its digits say, wherever the point is moved', () => {
    const numbers = fc.tuple(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.integer({ min: 0, max: 40 }),
    )
    fc.assert(
      fc.property(numbers, ([digits, places]) => {
        const moved = decimal(`${digits}e-${places}`)
        expect(decimal(`${moved}e${places}`)).toBe(String(digits))
      }),
    )
  })
})

describe('options', () => {
  test.each(['1 234 567,5', '1\u00a0234\u00a0567,5', '1\u202f234\u202f567,5', '1234567,5'])(
    'a blank between thousands is any that does not break a line: %j',
    (text) => {
      expect(decimal(text, { thousandsSeparator: ' ', decimalSeparator: ',' })).toBe('1234567.5')
    },
  )

  test('an apostrophe is both of them', () => {
    for (const text of ["1'234", '1\u2019234'])
      expect(integer(text, { thousandsSeparator: "'" })).toBe('1234')
  })

  test('groups are of three', () => {
    for (const text of ['1 23', '12 3456', '1  234'])
      expect(integer(text, { thousandsSeparator: ' ' })).toBeUndefined()
  })

  test('a percent sign is a fraction, or says nothing', () => {
    expect(decimal('33.3 %', { percent: 'fraction' })).toBe('0.333')
    expect(decimal('50%', { percent: 'number' })).toBe('50')
    expect(decimal('50', { percent: 'fraction' })).toBe('50')
    expect(integer('50%', { percent: 'number' })).toBe('50')
  })

  test('an exponent in an integer is asked for, because spreadsheets lose digits so', () => {
    expect(integer('8.98821E+18')).toBeUndefined()
    expect(integer('1.5E3', { exponents: true })).toBe('1500')
    expect(integer('1.5E0', { exponents: true })).toBeUndefined()
    expect(decimal('1E3', { exponents: false })).toBeUndefined()
  })

  test('a minus behind the number may be refused', () => {
    expect(decimal('7-', { trailingMinus: false })).toBeUndefined()
  })
})

describe('an integer', () => {
  test.each([
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775808', undefined],
    [`${'0'.repeat(200)}12`, '12'],
    ['1.0', undefined],
    ['3.', undefined],
  ])('of 64 bits: %s', (text, expected) => {
    expect(integer(text)).toBe(expected)
  })
})
