import { expect, test } from 'vitest'
import { cutText, storableJson, storableText } from './text-kept.ts'

test('a NUL and half a character get signs that any database holds; all else stays', () => {
  expect(storableText('a\0b \ud83d😀\u2028\x1b')).toBe('a␀b \ufffd😀\u2028\x1b')
})

test('the texts inside of JSON do too, at any depth', () => {
  expect(JSON.parse(storableJson({ a: ['\0', { b: '\udc00' }], c: 1, d: null }))).toEqual({
    a: ['␀', { b: '\ufffd' }],
    c: 1,
    d: null,
  })
})

test('a text is cut between two characters', () => {
  expect(cutText('ab😀c', 3)).toBe('ab')
  expect(cutText('ab😀c', 4)).toBe('ab😀')
  expect(cutText('ab', 3)).toBe('ab')
})
