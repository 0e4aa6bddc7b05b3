import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAlternatives, parseCondition } from './parse-condition.ts'

test.each([
  ['name=Smith', { property: 'name', operator: '=', value: 'Smith' }],
  ['note=', { property: 'note', operator: '=', value: '' }],
  ['formula=a=b', { property: 'formula', operator: '=', value: 'a=b' }],
  ['grade >= 7', { property: 'grade', operator: '>=', value: ' 7' }],
  ['mail is null', { property: 'mail', operator: 'is null' }],
  ['mail IS NOT  NULL', { property: 'mail', operator: 'is not null' }],
])('reads %j', (text, condition) => {
  expect(parseCondition(text)).toEqual(condition)
})

test.each(['', 'name', '=x', 'name is', '1a=2', 'name like x'])('refuses %j', (text) => {
  expect(() => parseCondition(text)).toThrow(`The condition "${text}" is not valid`)
})

test('takes whatever stands behind the operator as the value', () => {
  const operators = fc.constantFrom('=', '!=', '<=', '>=', '~')
  fc.assert(
    fc.property(operators, fc.string(), (operator, value) => {
      expect(parseCondition(`name${operator}${value}`)).toEqual({ property: 'name', operator, value })
    }),
  )
})

test.each([
  ['name=Smith', ['name=Smith']],
  ['name=Smith or name=Jones', ['name=Smith', 'name=Jones']],
  ['mail is null OR grade >= 7 or mail~x', ['mail is null', 'grade >= 7', 'mail~x']],
  ['mail is null or name is not null', ['mail is null', 'name is not null']],
  ['name=Black or White', ['name=Black or White']],
  ['name=or or or=name', ['name=or', 'or=name']],
])('takes what stands between "or" as conditions of their own: %j', (text, conditions) => {
  const [only, ...others] = conditions.map(parseCondition)
  expect(parseAlternatives(text)).toEqual(others.length === 0 ? only : { anyOf: [only, ...others] })
})
