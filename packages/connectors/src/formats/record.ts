/**
 * Records as they stand in documents: maps of texts, numbers, lists and further maps, of which columns are cells.
 *
 * @module
 */
import { isLosslessNumber, stringify } from 'lossless-json'

export type SourceRecord = Readonly<Record<string, unknown>>

export function isMap(value: unknown): value is SourceRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !isLosslessNumber(value) && !(value instanceof Uint8Array)
}

/** What an XML element says beside its attributes. */
export const textOfElement = '#text'

/**
 * What stands at a column: a name, or names with points between for what lies deeper. Lists are walked through, so that `groups.id` is a list
 * of all ids. `undefined`: the record has no such thing; `null`: it says that it has no value.
 */
export function valueAt(value: unknown, column: string): unknown {
  if (Array.isArray(value)) {
    const found = value.map((one) => valueAt(one, column)).filter((one) => one !== undefined)
    return found.length === 0 ? undefined : found.flat()
  }
  if (!isMap(value)) return undefined
  if (Object.hasOwn(value, column)) return value[column]
  for (let point = column.indexOf('.'); point !== -1; point = column.indexOf('.', point + 1)) {
    const name = column.slice(0, point)
    if (!Object.hasOwn(value, name)) continue
    const below = valueAt(value[name], column.slice(point + 1))
    return below === undefined && isEmpty(value[name]) ? null : below
  }
  return undefined
}

/** There is a place for something, and nothing in it. */
function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

/** A value that is no list as text; of a map, what its element says, or else all of it as JSON. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      break
    default:
      return undefined
  }
  if (value === null) return undefined
  if (isLosslessNumber(value)) return value.value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (isMap(value) && Object.hasOwn(value, textOfElement)) return textOf(value[textOfElement])
  return stringify(value)
}
