/**
 * What a variable of a body can hold.
 *
 * @module
 */

import { XmlDocument } from './xml-document.ts'

/** `null` is `none`. Lists and tables are shared by all that hold them, and changed in place. */
export type Value =
  | null
  | typeof nothing
  | boolean
  | number
  | bigint
  | string
  | Value[]
  | Table
  | GraphNode
  | GraphRelationship
  | Ci
  | Time
  | Duration
  | XmlDocument

/** `void`: it takes an attribute away. */
export const nothing: unique symbol = Symbol('void')

export type TableKey = string | number | boolean
export class Table extends Map<TableKey, Value> {}

/** What nodes and relationships say of themselves: texts, numbers, booleans, lists of texts. */
export type Attributes = ReadonlyMap<string, Value>

/** A node of the source graph, as it is read. */
export class GraphNode {
  readonly id: string
  readonly kind: string
  readonly attributes: Attributes
  readonly isDestroyed: boolean

  constructor(id: string, kind: string, attributes: Attributes, isDestroyed = false) {
    this.id = id
    this.kind = kind
    this.attributes = attributes
    this.isDestroyed = isDestroyed
  }
}

/** A relationship of the source graph, whichever way it is walked. */
export class GraphRelationship {
  readonly kind: string
  readonly attributes: Attributes

  constructor(kind: string, attributes: Attributes) {
    this.kind = kind
    this.attributes = attributes
  }
}

/** What a sync call gives back: a CI of the target graph, or a reference to one. */
export class Ci {
  readonly className: string
  readonly namespace: string
  readonly key: string
  /** What tells CIs apart. Neither namespaces nor classes hold line breaks. */
  readonly name: string
  kind: 'own' | 'shared' | 'external' | 'crossref'
  readonly attributes = new Map<string, Value>()

  constructor(identity: CiIdentity, kind: Ci['kind']) {
    this.className = identity.className
    this.namespace = identity.namespace
    this.key = identity.key
    this.name = `${identity.namespace}\n${identity.className}\n${identity.key}`
    this.kind = kind
  }
}

export interface CiIdentity {
  readonly className: string
  readonly namespace: string
  readonly key: string
}

/** 100 nanoseconds each, since 1582-10-15: what BMC calls ticks. */
export class Time {
  readonly ticks: bigint

  constructor(ticks: bigint) {
    this.ticks = ticks
  }

  static fromMilliseconds(milliseconds: number): Time {
    return new Time(BigInt(Math.trunc(milliseconds)) * ticksPerMillisecond + ticksBefore1970)
  }

  get milliseconds(): number {
    return Number((this.ticks - ticksBefore1970) / ticksPerMillisecond)
  }
}

export class Duration {
  readonly ticks: bigint

  constructor(ticks: bigint) {
    this.ticks = ticks
  }
}

export const ticksPerMillisecond = 10_000n
const ticksBefore1970 = 122_192_928_000_000_000n

/** `false`, `none`, `void`, `0`, and whatever is empty are false. */
export function isTrue(value: Value): boolean {
  if (value === null || value === nothing || value === false || value === '') return false
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'bigint') return value !== 0n
  if (Array.isArray(value)) return value.length > 0
  return value instanceof Table ? value.size > 0 : true
}

/** As `datatype` calls it. */
export function typeName(value: Value): string {
  if (value === null) return 'none'
  if (value === nothing) return 'void'
  if (Array.isArray(value)) return 'list'
  return named.get(value.constructor) ?? primitiveNames.get(typeof value) ?? 'object'
}

const primitiveNames: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['bigint', 'number'],
  ['boolean', 'boolean'],
])

const named: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [Table, 'table'],
  [GraphNode, 'node'],
  [GraphRelationship, 'relationship'],
  [Ci, 'ci'],
  [Time, 'time'],
  [Duration, 'time delta'],
  [XmlDocument, 'document'],
])
