/**
 * What is wrong with the input of a request before its schema looks at it: what no database holds, and lists that are too long.
 *
 * A schema says of each entry of a list what is wrong with it. Where there are hundreds of thousands, that takes seconds in which
 * nobody else is answered; so a list is counted before anything in it is looked at.
 *
 * @module
 */
import { z } from 'zod'

/** Lists and objects in one another; what is asked of a server needs ten. */
const deepest = 50

interface Trouble {
  readonly path: readonly string[]
  /** As it goes on after the path: `must not hold the character U+0000`. */
  readonly what: string
}

/** The first thing that is wrong, as it is said to whoever asked; `undefined` where nothing is. */
export function judgeInput(schema: z.ZodType, value: unknown): string | undefined {
  const trouble = unstorable(value) ?? overlong(schema, value, [])
  if (trouble === undefined) return undefined
  const place = trouble.path.join('.')
  return place === '' ? trouble.what : `${place}: ${trouble.what}`
}

/** Says whether it holds texts that cannot be stored, and can be walked otherwise. */
export function holdsUnfitText(value: unknown): boolean {
  const trouble = unstorable(value)
  return trouble !== undefined && !trouble.what.startsWith('must not be nested')
}

interface Part {
  readonly value: unknown
  readonly path: readonly string[]
}

/** Texts that PostgreSQL has no place for, and what is nested so deeply that whoever walks it falls. */
function unstorable(value: unknown): Trouble | undefined {
  const left: Part[] = [{ value, path: [] }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const trouble = unfit(next)
    if (trouble !== undefined) return trouble
    const { value, path } = next
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inside] of Object.entries(value)) left.push({ value: inside, path: [...path, name] })
  }
  return undefined
}

function unfit({ value, path }: Part): Trouble | undefined {
  const name = unfitText(path.at(-1) ?? '')
  if (name !== undefined) return { path: path.slice(0, -1), what: `its names ${name}` }
  if (path.length > deepest) return { path: path.slice(0, 3), what: `must not be nested ${deepest} deep` }
  const text = typeof value === 'string' ? unfitText(value) : undefined
  return text === undefined ? undefined : { path, what: text }
}

function unfitText(text: string): string | undefined {
  if (text.includes('\0')) return 'must not hold the character U+0000'
  return text.isWellFormed() ? undefined : 'must not hold half of a character (a lone surrogate)'
}

function overlong(schema: z.core.$ZodType, value: unknown, path: readonly string[]): Trouble | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return overlong(schema.def.innerType, value, path)
  if (schema instanceof z.ZodPipe) return overlong(schema.def.in, value, path)
  if (schema instanceof z.ZodUnion) return firstOf(schema.def.options, (one) => overlong(one, value, path))
  if (schema instanceof z.ZodArray) return overlongList(schema, value, path)
  if (typeof value !== 'object' || value === null) return undefined
  if (schema instanceof z.ZodRecord)
    return firstOf(Object.entries(value), ([name, inside]) =>
      overlong(schema.def.valueType, inside, [...path, name]),
    )
  if (!(schema instanceof z.ZodObject)) return undefined
  const given = new Map(Object.entries(value))
  return firstOf(Object.entries(schema.def.shape), ([name, inside]) =>
    given.has(name) ? overlong(inside, given.get(name), [...path, name]) : undefined,
  )
}

function overlongList(schema: z.ZodArray, value: unknown, path: readonly string[]): Trouble | undefined {
  if (!Array.isArray(value)) return undefined
  const most = longestOf(schema)
  if (most !== undefined && value.length > most)
    return { path, what: `must not have more than ${most} entries, and has ${value.length}` }
  return firstOf([...value.entries()], ([index, inside]) =>
    overlong(schema.def.element, inside, [...path, String(index)]),
  )
}

/** Entries that a list may have; `undefined`: any number. */
export function longestOf(schema: z.ZodArray): number | undefined {
  for (const check of schema.def.checks ?? [])
    if (check instanceof z.core.$ZodCheckMaxLength) return check._zod.def.maximum
  return undefined
}

function firstOf<T, Found>(all: readonly T[], find: (one: T) => Found | undefined): Found | undefined {
  for (const one of all) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}
