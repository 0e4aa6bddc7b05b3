import { describe, expect, test } from 'vitest'
import { changeOf, lineOf, mutated } from './mutant.ts'
import { mutantsOf } from './mutate-code.ts'

const changes = (text: string) => mutantsOf(text).map((mutant) => changeOf(text, mutant))

describe('changes of a condition', () => {
  test('make it constant, keep one operand, and move its boundary', () => {
    expect(changes('if (a > b || c) {}')).toEqual([
      'a > b || c → true',
      'a > b || c → false',
      'a > b || c → a > b',
      'a > b || c → c',
      'a > b → a >= b',
    ])
  })

  test('drop its negation', () => {
    expect(changes('while (!a) {}')).toEqual(['!a → false', '!a → a'])
  })
})

describe('what is taken out', () => {
  test('is a statement that does something', () => {
    expect(changes('await run(a)')).toEqual(['await run(a) → ;'])
    expect(changes('throw new RangeError(a + b)')).toEqual(['throw new RangeError(a + b) → ;'])
  })

  test('is one element after the other, what is spread among them', () => {
    expect(changes('x = [f(), ...a]').slice(1)).toEqual(['f(), →', ', ...a →'])
  })

  test('is a filter', () => {
    expect(changes('const x = a.filter(f)')).toEqual(['a.filter(f) → a'])
  })
})

test('texts and types stay as they are, and so does what an error says', () => {
  expect(changes(`type A = 1 | 2; const x: A = 'one'; class NoError extends Error { n = 1 }`)).toEqual([])
})

test('a change is made where it stands, and nowhere else', () => {
  const text = 'const x = 1\nconst y = 1'
  const [, second] = mutantsOf(text)
  expect(second && [lineOf(text, second), mutated(text, second)]).toEqual([2, 'const x = 1\nconst y = 2'])
})

test('every change leaves a program', () => {
  expect(changes('const x = [...a]')).toEqual(['...a →'])
  expect(changes('if (a) b()\nelse c()')).toEqual(['a → true', 'a → false', 'b() → ;', 'c() → ;'])
})
