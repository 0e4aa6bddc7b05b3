import { describe, expect, test } from 'vitest'
import { legalValue } from './legal-value.ts'
import { spellingOf } from './spelling.ts'
import { isTimeZone } from './time-zone.ts'

const at = { name: 'at', type: 'datetime', required: false } as const
const berlin = { timeZone: 'Europe/Berlin' }
const read = (text: string, format: Parameters<typeof spellingOf>[1] = berlin) =>
  spellingOf(at, format)?.of(text)

describe('a local time', () => {
  test.each([
    ['2026-01-15T12:00:00', '2026-01-15 11:00:00+00'],
    ['2026-07-15 12:00', '2026-07-15 10:00:00+00'],
    ['2026-07-15', '2026-07-14 22:00:00+00'],
    ['2026-07-15T12:00:00.25', '2026-07-15 10:00:00.25+00'],
  ])('is an instant of its zone: %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  test('that says its zone is of that one', () => {
    expect(read('2026-07-15T12:00:00Z')).toBe('2026-07-15 12:00:00+00')
    expect(read('2026-07-15T12:00:00-05:00')).toBe('2026-07-15 17:00:00+00')
  })

  test('may be written in a format', () => {
    expect(read('15.7.2026 9:30', { ...berlin, format: 'd.M.yyyy H:mm' })).toBe('2026-07-15 07:30:00+00')
  })

  test('is read by what its zone was then', () => {
    expect(read('1890-01-01T00:00:00')).toBe('1889-12-31 23:06:32+00')
    expect(read('2010-07-15T12:00', { timeZone: 'Europe/Moscow' })).toBe('2010-07-15 08:00:00+00')
    expect(read('2026-07-15T12:00', { timeZone: 'Asia/Kathmandu' })).toBe('2026-07-15 06:15:00+00')
  })
})

describe('when clocks are put forward', () => {
  test('a time that they leave out is none', () => {
    expect(read('2026-03-29T01:59:59')).toBe('2026-03-29 00:59:59+00')
    expect(read('2026-03-29T02:00:00')).toBeUndefined()
    expect(read('2026-03-29T02:59:59')).toBeUndefined()
    expect(read('2026-03-29T03:00:00')).toBe('2026-03-29 01:00:00+00')
    const { isLegal, expected } = legalValue(at, berlin)
    expect(isLegal('2026-03-29T02:30:00')).toBe(false)
    expect(expected).toContain('Europe/Berlin')
  })

  test('at midnight the day begins later', () => {
    expect(read('2026-04-24', { timeZone: 'Africa/Cairo' })).toBe('2026-04-23 22:00:00+00')
    expect(read('2026-04-24T00:30', { timeZone: 'Africa/Cairo' })).toBeUndefined()
  })
})

describe('when clocks are put back', () => {
  test('a time that comes twice is the first of the two', () => {
    expect(read('2026-10-25T01:59:59')).toBe('2026-10-24 23:59:59+00')
    expect(read('2026-10-25T02:00:00')).toBe('2026-10-25 00:00:00+00')
    expect(read('2026-10-25T02:59:59')).toBe('2026-10-25 00:59:59+00')
    expect(read('2026-10-25T03:00:00')).toBe('2026-10-25 02:00:00+00')
  })

  test('on the other half of the earth, too', () => {
    expect(read('2026-04-05T02:30', { timeZone: 'Australia/Sydney' })).toBe('2026-04-04 15:30:00+00')
  })
})

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Berln', false],
  ['+02:00', false],
  ['', false],
])('%j is a name of a zone: %s', (zone, expected) => {
  expect(isTimeZone(zone)).toBe(expected)
})
