import { describe, expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatPercent,
  formatRate,
} from './quantities.ts'

describe('quantities', () => {
  test.each([
    [0, '0 ms'],
    [84.4, '84 ms'],
    [1234, '1.2 s'],
    [59_940, '59.9 s'],
    [59_970, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d milliseconds read as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  test('counts have thousands separators and agree with their noun', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567')
    expect(formatNumberOf(1, 'row')).toBe('1 row')
    expect(formatNumberOf(1200, 'row')).toBe('1,200 rows')
  })

  test('rates show three digits, because the fourth is noise', () => {
    expect(formatRate(1_234_567, 1000)).toBe('1,230,000 rows/s')
  })

  test('a share just over a limit does not read as the limit', () => {
    expect(formatPercent(1001, 10_000)).toBe('10 %')
    expect(formatPercent(501, 10_000)).toBe('5.01 %')
  })

  test('bytes take the largest unit that leaves a digit before the point', () => {
    expect([512, 1500, 130_000_000].map(formatBytes)).toEqual(['512 B', '1.5 KB', '130 MB'])
  })
})
