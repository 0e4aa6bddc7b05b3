import { expect, test } from 'vitest'
import { parseSince, parseUntil } from './until-option.ts'

const now = Date.parse('2026-11-30T08:00:00Z')
const until = (text: string) => parseUntil(text, undefined, now)

test('an instant is in UTC where no time zone is written', () => {
  expect(until('2026-12-01')).toBe('2026-12-01T00:00:00.000Z')
  expect(until('2026-12-01T08:30')).toBe('2026-12-01T08:30:00.000Z')
  expect(until('2026-12-01 08:30:15 UTC')).toBe('2026-12-01T08:30:15.000Z')
  expect(until('2026-12-01T08:30+02:00')).toBe('2026-12-01T06:30:00.000Z')
})

test('a time counts from now on', () => {
  expect(until('90m')).toBe('2026-11-30T09:30:00.000Z')
  expect(until('2d')).toBe('2026-12-02T08:00:00.000Z')
})

test('how long ago counts back from now', () => {
  expect(parseSince('30d', undefined, now)).toBe('2026-10-31T08:00:00.000Z')
  expect(parseSince('2026-11-01', undefined, now)).toBe('2026-11-01T00:00:00.000Z')
  expect(() => parseSince('long ago')).toThrow('how long ago')
})

test.each(['tomorrow', '2026-13-01', '5', '-2d', '2026-12-01T25:00'])('%s is neither', (text) => {
  expect(() => until(text)).toThrow('It must be an instant')
})
