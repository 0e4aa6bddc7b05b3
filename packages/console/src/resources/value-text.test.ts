import { expect, test } from 'vitest'
import { valueText } from './value-text.ts'

test('a value as text', () => {
  expect(valueText(null)).toBe('')
  expect(valueText(0)).toBe('0')
  expect(valueText(false)).toBe('false')
  expect(valueText('12345678901234567890')).toBe('12345678901234567890')
  expect(valueText({ name: 'ada.png', mediaType: 'image/png', size: 12 })).toBe('ada.png, 12 bytes')
  expect(valueText({ name: null, size: 12 })).toBe('12 bytes')
  expect(valueText({ other: 1 })).toBe('{"other":1}')
})
