import type { Property } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { sql } from '../sql/statement.ts'
import { compileConditions } from './compile-conditions.ts'
import { parseCondition } from './parse-condition.ts'
import { ConditionError, UnknownNameError } from './read-errors.ts'

// What conditions find is held by read.test.ts, on every kind of database; here is which of them are let through.

const plain = ['string', 'text', 'integer', 'decimal', 'boolean', 'date', 'datetime', 'uuid', 'file'] as const
const properties: readonly Property[] = [
  ...plain.map((type): Property => ({ name: type, type, required: false })),
  { name: 'enum', type: 'enum', values: ['active', 'left'], required: false },
  { name: 'reference', type: 'reference', to: 'Person', required: false },
]
const comparables = properties.map((property) => ({
  name: property.name,
  property,
  expression: sql.identifier(property.name),
}))

const compile = (...conditions: readonly string[]) =>
  compileConditions(conditions.map(parseCondition), comparables)

describe('a condition is taken', () => {
  test.each([
    'string=anything; drop table person',
    'text>',
    'integer=7',
    'integer>=-999999999999999999',
    'integer=8988211000000000017',
    'integer>=-9223372036854775808',
    'integer<9223372036854775807',
    'datetime=2026-11-21T22:24:16.1234567Z',
    'decimal<12.5',
    'decimal=.5',
    'boolean=true',
    'date=2024-02-29',
    'datetime>2024-01-31',
    'datetime>2024-01-31T08:00:00.5+02:00',
    'datetime>2024-01-31 08:00Z',
    'uuid=123E4567-e89b-12d3-a456-426614174000',
    'enum=left',
    'reference=1001',
    'integer~7',
    'file is null',
    'file is not null',
  ])('that is %j', (condition) => {
    expect(compile(condition)).toHaveLength(1)
  })

  test('for each that is asked', () => {
    expect(compile('integer>1', 'string~a', 'enum is null')).toHaveLength(3)
  })
})

describe('a condition is refused', () => {
  test.each([
    ['integer=', '"" is not a whole number'],
    ['integer=1.0', '"1.0" is not a whole number'],
    ['integer=1e3', '"1e3" is not a whole number'],
    ['integer=9223372036854775808', 'is too large: integers have 64 bits'],
    ['integer<-9223372036854775809', 'is too large: integers have 64 bits'],
    ['integer= 7', '" 7" is not a whole number'],
    ['decimal=1,5', '"1,5" is not a number such as 12.5'],
    ['decimal=NaN', '"NaN" is not a number'],
    ['boolean=yes', '"yes" is not true or false'],
    ['date=today', '"today" is not a date'],
    ['date=2024-1-1', '"2024-1-1" is not a date'],
    ['date=2023-02-29', '"2023-02-29" is not on the calendar'],
    ['date=2024-13-01', '"2024-13-01" is not on the calendar'],
    ['datetime>now', '"now" is not a time'],
    ['datetime>2023-02-29T08:00', 'is not on the calendar'],
    ['uuid=7', '"7" is not a UUID'],
    ['enum=Active', '"Active" is none of active, left'],
    ['file=x', 'a file can only be tested with is null and is not null'],
    ['file~x', 'a file can only be tested with is null and is not null'],
  ])('that is %j: %s', (condition, reason) => {
    expect(() => compile(condition)).toThrow(ConditionError)
    expect(() => compile(condition)).toThrow(reason)
  })

  test('about a property that is not there, and those that are there are named', () => {
    expect(() => compile('colour=red')).toThrow(UnknownNameError)
    expect(() => compile('colour=red')).toThrow('there are string, text, integer')
  })
})
