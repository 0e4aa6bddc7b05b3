/**
 * Regular expressions: Python's, and never without end.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PatternError, regularExpression } from './regular-expression.ts'

describe('a pattern that other engines backtrack on without end', () => {
  test.each([
    '(a+)+$',
    '^(a|a)*$',
    '(a|aa)+$',
    '(.*)*x',
    '^(\\w+\\s?)*$',
    '(?:a?){100}a{100}$',
    '^(([a-z])+.)+[A-Z]$',
  ])('%s is done with a long text', (pattern) => {
    expect(regularExpression(pattern).isIn(`${'a'.repeat(20_000)}!`)).toBe(false)
  })
})

describe("Python's way of writing", () => {
  test.each([
    ['(?i)^B', 'abc', undefined],
    ['(?i)B', 'abc', 'b'],
    ['(?iu)B', 'abc', 'b'],
    ['(?is)a.B', 'A\nb', 'A\nb'],
    ['(?x) a \\  b # both', 'a b', 'a b'],
    ['c\\Z', 'abc', 'c'],
    ['\\Aa', 'abc', 'a'],
    ['[]a]+', 'x]a', ']a'],
    ['a(?#of it)b', 'ab', 'ab'],
    ['a{,2}b', 'aaab', 'aab'],
    ['\\u00e9\\é', 'éé', 'éé'],
    ['[\\u00e9\\s]+', 'é\v', 'é\v'],
    ['(?<=v)\\d+', 'v12', '12'],
    ['(?<!v)\\d+', 'v12', '2'],
    ['a\\-b\\/c', 'a-b/c', 'a-b/c'],
    ['🙂.', '🙂🙂', '🙂🙂'],
  ])('%s finds in %j %j', (pattern, text, found) => {
    expect(regularExpression(pattern).first(text)?.all).toBe(found)
  })

  test.each([
    ['a(?=b)', 'it has a look-ahead'],
    ['(?!a)b', 'it has a look-ahead'],
    ['(a)\\1', 'it has a back-reference'],
    ['(?P<n>a)(?P=n)', 'it has a back-reference'],
    ['(a)?(?(1)b|c)', 'it has a condition'],
    ['(?>a)', 'it has an atomic group'],
    ['a++', 'it has a possessive quantifier'],
  ])('%s cannot be run: %s', (pattern, reason) => {
    expect(() => regularExpression(pattern)).toThrow(new PatternError(reason, true))
  })

  test.each(['(', '[', 'a**', '(?<=(a))b', '\\q', 'a{2000}'])('%s cannot be read', (pattern) => {
    expect(() => regularExpression(pattern)).toThrow(PatternError)
  })

  test('what looks like it in a set or an escape is none of these', () => {
    expect(regularExpression('[(?=]\\(\\?=').first('=(?=')?.all).toBe('=(?=')
  })
})

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  '\\w',
  '\\d',
  '^',
  '$',
  '\\b',
  '(a|b)',
  '(a)',
  '(?:ab)',
)
const quantifier = fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '{1,2}')
const pattern = fc
  .array(fc.tuple(atom, quantifier), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map(([one, times]) => (/^[$^]$|^\\b$/.test(one) ? one : one + times)).join(''))
const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 8 })

test('what both understand is found as JavaScript finds it', () => {
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const found = regularExpression(source).first(subject)
      const expected = new RegExp(source).exec(subject)
      expect(found?.all).toBe(expected?.[0])
      expect(found?.groups).toEqual(expected?.slice(1))
    }),
    { numRuns: 500 },
  )
})

test('any text as a pattern is run or refused', () => {
  const signs = fc.string({ unit: fc.constantFrom(...'ab1\\()[]{}?*+^$|.,:=!<>P#-é'), maxLength: 12 })
  fc.assert(
    fc.property(signs, text, (source, subject) => {
      try {
        regularExpression(source).all(subject)
      } catch (error) {
        expect(error).toBeInstanceOf(PatternError)
      }
    }),
    { numRuns: 2000 },
  )
})
