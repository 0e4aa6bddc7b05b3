import type { Property } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { compileDisplay } from './compile-display.ts'

const properties: readonly Property[] = [
  { name: 'firstName', type: 'string', required: false },
  { name: 'lastName', type: 'string', required: false },
  { name: 'number', type: 'integer', required: true },
  { name: 'salary', type: 'decimal', required: false },
  { name: 'active', type: 'boolean', required: false },
  { name: 'function', type: 'string', required: false },
  { name: 'photo', type: 'file', required: false },
  { name: 'password', type: 'secret', required: false },
  { name: 'manager', type: 'reference', to: 'Person', required: false },
]

/** What is wrong with it, and the rest of the expression from where it stands. */
function problemOf(expression: string): readonly [string, string] | undefined {
  const compiled = compileDisplay(expression, properties)
  return 'problem' in compiled ? [compiled.problem, expression.slice(compiled.offset)] : undefined
}

describe('a display expression', () => {
  test('becomes what the database can do', () =>
    expect(compileDisplay('lastName + ", " + firstName.upperAscii()', properties)).toEqual({
      is: 'joined',
      terms: [
        { is: 'property', property: 'lastName' },
        { is: 'text', text: ', ' },
        { is: 'upper', of: { is: 'property', property: 'firstName' } },
      ],
      between: '',
      filled: false,
    }))

  test.each([
    'string(number)',
    'string(salary) + " " + string(active)',
    'number == 3 ? "three" : "other"',
    'number in [1, 2] ? "few" : lastName',
    '[lastName, firstName].filter(x, x != "").join(", ")',
    'has(resource.firstName) && !active ? firstName.trim() : lastName.substring(0, 1)',
    'resource["function"] + resource.lastName',
    'lastName.startsWith("von ") || lastName.endsWith("ova") || lastName.contains("-") ? lastName : firstName',
    'true ? lastName : firstName',
  ])('may be %s', (expression) => expect(problemOf(expression)).toBeUndefined())

  test.each([
    ['lastName + " " + firstNam', 'There is no property "firstNam" to be displayed by.', 'firstNam'],
    ['lastName +', 'This is no expression in CEL: found + but expecting end of input.', '+'],
    ['function + lastName', 'This is no expression in CEL: reserved identifier.', 'function + lastName'],
    ['lastName + number', '"number" is a number, and a text is needed here.', 'number'],
    ['active', '"active" is true or false, and a text is needed here.', 'active'],
    ['lastName ? "a" : "b"', '"lastName" is neither true nor false.', 'lastName ? "a" : "b"'],
    ['lastName == 3 ? "a" : "b"', 'A text is compared with a whole number.', '3 ? "a" : "b"'],
    ['manager + lastName', '"manager" is a reference and cannot be displayed.', 'manager + lastName'],
    ['password', '"password" is a secret and cannot be displayed.', 'password'],
    ['photo', '"photo" is a file and cannot be displayed.', 'photo'],
    ['3', 'A text is needed here, and this is none.', '3'],
    [
      '[lastName].filter(x, x == "").join()',
      'Of a list, what is filled can be kept, and nothing else.',
      '.join()',
    ],
    [
      'lastName.substring(2, 1)',
      'substring() takes one or two whole numbers, the first not above the second.',
      '.substring(2, 1)',
    ],
    ['lastName.capitalize()', 'There is no function "capitalize" in a display expression.', '.capitalize()'],
    ['"a\\u0000"', 'No text that is stored holds the character U+0000.', '"a\\u0000"'],
  ])('%s is refused, with its place', (expression, problem, rest) => {
    const found = problemOf(expression)
    expect(found?.[0]).toBe(problem)
    // CEL's own places of calls are those of their parentheses.
    expect(rest.endsWith(found?.[1] ?? '?')).toBe(true)
  })

  test('names what was probably meant', () => {
    expect(compileDisplay('lastNmae', properties)).toMatchObject({ remedy: 'Did you mean "lastName"?' })
    expect(compileDisplay('lastName.upperAsci()', properties)).toMatchObject({
      remedy: 'Did you mean "upperAscii"?',
    })
  })
})
