/**
 * Reads old and new values of a change from the JSON in which the history and held runs keep them.
 *
 * `jsonb` keeps numbers of any size exactly; JavaScript's own reader rounds them.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { parse } from 'lossless-json'
import { z } from 'zod'
import { exactInteger } from './property-reader.ts'
import type { Values } from './read-types.ts'

const valuesSchema = z.record(z.string(), z.unknown())

/**
 * The values in the order of the model, each in the form of `Values`; `jsonb` keeps them by the length of their names.
 *
 * @param json Text of an object by property name.
 * @param properties Of the type of the changed resource or link. What the model has lost meanwhile stays, at the end.
 */
export function recordedValues(json: string | null, properties: readonly Property[]): Values | null {
  if (json === null) return null
  const values = valuesSchema.parse(parse(json, null, exactInteger))
  const known = properties.filter(({ name }) => Object.hasOwn(values, name))
  return Object.fromEntries([
    ...known.map(({ name, type }) => [name, type === 'decimal' ? decimalOf(values[name]) : values[name]]),
    ...Object.entries(values).filter(([name]) => !known.some((property) => property.name === name)),
  ])
}

/** One without a fraction is text, too. */
function decimalOf(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value
}
