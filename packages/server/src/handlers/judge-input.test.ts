import { type Route, routes } from '@sluice/protocol'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { judgeInput, longestOf } from './judge-input.ts'

const schema = z.strictObject({
  name: z.string().optional(),
  list: z
    .array(z.union([z.string(), z.strictObject({ inner: z.array(z.int()).max(2) })]))
    .max(3)
    .optional(),
})

describe('input that no schema has to look at', () => {
  test.each([
    [{ name: 'a\0b' }, 'name: must not hold the character U+0000'],
    [{ list: ['a', 'b\0'] }, 'list.1: must not hold the character U+0000'],
    [{ name: 'a\ud800' }, 'name: must not hold half of a character (a lone surrogate)'],
    [{ 'a\0': 1 }, 'its names must not hold the character U+0000'],
    [{ list: ['a', 'b', 'c', 'd'] }, 'list: must not have more than 3 entries, and has 4'],
    [{ list: [{ inner: [1, 2, 3] }] }, 'list.0.inner: must not have more than 2 entries, and has 3'],
  ])('%j is told with its place', (value, told) => {
    expect(judgeInput(schema, value)).toBe(told)
  })

  test('lists within lists without an end are told, and walk nobody into the ground', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(judgeInput(schema, { list: JSON.parse(deep) })).toBe('list.0.0: must not be nested 50 deep')
  })

  test('what fits is passed on, whatever its schema says of it', () => {
    for (const value of [{}, { name: 'é🎈' }, { list: ['a', { inner: [1, 2] }] }, { list: 7 }, 'text', null])
      expect(judgeInput(schema, value)).toBeUndefined()
  })
})

function insideOf(one: z.core.$ZodType): readonly (readonly [string, z.core.$ZodType])[] {
  if (one instanceof z.ZodOptional || one instanceof z.ZodNullable || one instanceof z.ZodDefault)
    return [['', one.def.innerType]]
  if (one instanceof z.ZodPipe) return [['', one.def.in]]
  if (one instanceof z.ZodRecord) return [['.*', one.def.valueType]]
  if (one instanceof z.ZodUnion) return one.def.options.map((option) => ['', option] as const)
  if (one instanceof z.ZodArray) return [['[]', one.def.element]]
  return one instanceof z.ZodObject
    ? Object.entries(one.def.shape).map(([name, inside]) => [`.${name}`, inside] as const)
    : []
}

function endlessIn(one: z.core.$ZodType, path: string): readonly string[] {
  const inside = insideOf(one).flatMap(([name, part]) => endlessIn(part, path + name))
  return one instanceof z.ZodArray && longestOf(one) === undefined ? [path, ...inside] : inside
}

test('every list that a request may bring says how long it may be', () => {
  const endless = Object.entries<Route>(routes).flatMap(([name, { body, query, params }]) => [
    ...(body.kind === 'json' ? endlessIn(body.schema, `${name}: body`) : []),
    ...endlessIn(query, `${name}: query`),
    ...endlessIn(params, `${name}: params`),
  ])
  expect([...new Set(endless)]).toEqual([])
})
