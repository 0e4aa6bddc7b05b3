/**
 * What a server sends, decoded: entries with their attributes as bytes, results, and what lies between.
 *
 * @module
 */
import type { BerReader } from 'ldapts'
import type { Ldapts } from './ldapts.ts'

export interface ServerControl {
  readonly oid: string
  readonly value: Buffer | undefined
}

export interface Entry {
  readonly kind: 'entry'
  readonly dn: string
  /** By name in lower case, as the server spells it apart from that. */
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>
  readonly controls: readonly ServerControl[]
}

export interface Intermediate {
  readonly kind: 'intermediate'
  readonly oid: string
  readonly value: Buffer | undefined
}

export interface Result {
  readonly kind: 'result'
  readonly code: number
  readonly message: string
  /** Of an extended operation. */
  readonly value: Buffer | undefined
  readonly controls: readonly ServerControl[]
}

export type ServerMessage = { readonly id: number } & (
  | Entry
  | Intermediate
  | Result
  /** To a part of the directory that another server holds. */
  | { readonly kind: 'reference' }
)

const tags = {
  entry: 0x64,
  reference: 0x73,
  intermediate: 0x79,
  controls: 0xa0,
  octets: 0x04,
  boolean: 0x01,
  extendedValue: 0x8b,
  first: 0x80,
  second: 0x81,
} as const

/** One whole message. */
export function decode({ BerReader }: Ldapts, bytes: Buffer): ServerMessage {
  const reader = new BerReader(bytes)
  reader.readSequence()
  const id = reader.readInt() ?? 0
  const operation = reader.readSequence()
  const end = reader.offset + reader.length
  switch (operation) {
    case tags.entry:
      return { id, ...entryOf(reader, end) }
    case tags.reference:
      return { id, kind: 'reference' }
    case tags.intermediate:
      return { id, ...intermediateOf(reader, end) }
    default:
      return { id, ...resultOf(reader, end) }
  }
}

function entryOf(reader: BerReader, end: number): Entry {
  const dn = octets(reader)?.toString('utf8') ?? ''
  reader.readSequence()
  const attributes = new Map<string, readonly Buffer[]>()
  const last = reader.offset + reader.length
  while (reader.offset < last) {
    reader.readSequence()
    const name = octets(reader)?.toString('utf8').toLowerCase() ?? ''
    const values: Buffer[] = []
    reader.readSequence()
    const lastValue = reader.offset + reader.length
    while (reader.offset < lastValue) values.push(octets(reader) ?? Buffer.alloc(0))
    attributes.set(name, values)
  }
  return { kind: 'entry', dn, attributes, controls: controlsOf(reader, end) }
}

function intermediateOf(reader: BerReader, end: number): Intermediate {
  let oid = ''
  let value: Buffer | undefined
  while (reader.offset < end) {
    const tag = reader.peek() ?? 0
    const part = reader.readString(tag, true) ?? undefined
    if (tag === tags.first) oid = part?.toString('utf8') ?? ''
    if (tag === tags.second) value = part
  }
  return { kind: 'intermediate', oid, value }
}

function resultOf(reader: BerReader, end: number): Result {
  const code = reader.readEnumeration() ?? 0
  octets(reader)
  const message = octets(reader)?.toString('utf8') ?? ''
  let value: Buffer | undefined
  while (reader.offset < end) {
    const tag = reader.peek() ?? 0
    const part = reader.readString(tag, true) ?? undefined
    if (tag === tags.extendedValue) value = part
  }
  return { kind: 'result', code, message, value, controls: controlsOf(reader, end) }
}

function controlsOf(reader: BerReader, end: number): readonly ServerControl[] {
  reader.offset = end
  if (reader.remain === 0 || reader.peek() !== tags.controls) return []
  const controls: ServerControl[] = []
  reader.readSequence()
  const last = reader.offset + reader.length
  while (reader.offset < last) {
    reader.readSequence()
    const lastPart = reader.offset + reader.length
    const oid = octets(reader)?.toString('utf8') ?? ''
    if (reader.offset < lastPart && reader.peek() === tags.boolean) reader.readBoolean()
    const value = reader.offset < lastPart ? octets(reader) : undefined
    controls.push({ oid, value })
  }
  return controls
}

function octets(reader: BerReader): Buffer | undefined {
  return reader.readString(tags.octets, true) ?? undefined
}
