/**
 * Values on their way from PostgreSQL, the same for both adapters.
 *
 * Everything crosses as text, and is read as `Session` promises: into no type that cannot hold it (bigint, numeric, a
 * date without a time zone, microseconds). What goes the other way is in `encode-value.ts`, which PGlite's thread has no
 * need to load.
 *
 * @module
 */
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
