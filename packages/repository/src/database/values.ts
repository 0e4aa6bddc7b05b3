/**
 * Values on their way between JavaScript and PostgreSQL, the same for both adapters.
 *
 * Everything crosses as text. `encodeValue` writes parameters, `decoders` reads columns as
 * `Session` promises: nothing is read into a type that cannot hold it (bigint, numeric, a date
 * without a time zone, microseconds).
 *
 * @module
 */
import { storableJson, storableText } from '@sluice/model'
import { parse as parseArray } from 'postgres-array'

export type Decode = (text: string) => unknown

const asIs: Decode = (text) => text
const boolean: Decode = (text) => text === 't'
const json: Decode = (text): unknown => JSON.parse(text)
const bytes: Decode = (text) => Buffer.from(text.slice(2), 'hex')
/** `2024-05-06 07:08:09.5+00` → `2024-05-06T07:08:09.5Z`; sessions run in UTC. `infinity` stays. */
const instant: Decode = (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z')

/** Element type oid, array type oid, decoder. Types not listed come as their text. */
const types: readonly (readonly [oid: number, arrayOid: number, decode: Decode])[] = [
  [16, 1000, boolean],
  [17, 1001, bytes],
  [18, 1002, asIs],
  [19, 1003, asIs],
  [20, 1016, asIs],
  [21, 1005, Number],
  [23, 1007, Number],
  [25, 1009, asIs],
  [26, 1028, Number],
  [114, 199, json],
  [700, 1021, Number],
  [701, 1022, Number],
  [1042, 1014, asIs],
  [1043, 1015, asIs],
  [1082, 1182, asIs],
  [1083, 1183, asIs],
  [1114, 1115, (text) => text.replace(' ', 'T')],
  [1184, 1185, instant],
  [1700, 1231, asIs],
  [2950, 2951, asIs],
  [3802, 3807, json],
]

/** By type oid. */
export const decoders: ReadonlyMap<number, Decode> = new Map(
  types.flatMap(([oid, arrayOid, decode]): [number, Decode][] => [
    [oid, decode],
    [arrayOid, (text) => parseArray(text, decode)],
  ]),
)

export function decoderOf(oid: number): Decode {
  return decoders.get(oid) ?? asIs
}

/**
 * Text of a parameter. An array is a PostgreSQL array, any other object is JSON; a JSON array goes
 * as the text it is, through `storableJson`. What no text of PostgreSQL can hold is replaced, wherever it
 * came from: a message may quote a file that is none.
 */
export function encodeValue(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return storableText(value)
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return encodeArray(value)
  if (typeof value === 'object') return storableJson(value)
  return String(value)
}

function encodeArray(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return encodeArray(value)
    const text = encodeValue(value)
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`
  })
  return `{${elements.join(',')}}`
}
