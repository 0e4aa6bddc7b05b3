/**
 * What the document of a discovery tool comes to: nodes and relationships, as a document of a graph would write them.
 *
 * @module
 */
import { isMap, isNumber } from '../json/exact-json.ts'

export type Fields = Readonly<Record<string, unknown>>

interface FoundNode {
  readonly id: string
  readonly kind: string
  readonly attrs: Fields
}

export interface FoundRelationship {
  readonly from: string
  readonly fromRole: string
  readonly kind: string
  readonly toRole: string
  readonly to: string
}

export type Found = FoundNode | FoundRelationship

/** Why a document is none of those that are read. */
export class NotUnderstoodError extends Error {}

/** A part of a document; empty where there is none. */
export function mapIn(fields: Fields, ...path: readonly string[]): Fields {
  let found: unknown = fields
  for (const name of path) found = isMap(found) ? found[name] : undefined
  return isMap(found) ? found : {}
}

/** Maps of a list; none where there is no list. */
export function mapsIn(fields: Fields, name: string): readonly Fields[] {
  const list = fields[name]
  return Array.isArray(list) ? list.filter(isMap) : []
}

/** A text that is not blank. */
export function textIn(fields: Fields, ...path: readonly string[]): string | undefined {
  const last = path.at(-1) ?? ''
  const value = mapIn(fields, ...path.slice(0, -1))[last]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** What can be an attribute: a text, a number, true, false, or a list of them that is not empty. */
export function isAttribute(value: unknown): boolean {
  return isScalar(value) || (Array.isArray(value) && value.length > 0 && value.every(isScalar))
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value)
}

/** `nodeName`, `Node-Name` and `NODE NAME` as `node_name`: what an expression can name. */
export function attributeName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
}

/** `virtual-machine`, `ip_address`, `DISK` as `VirtualMachine`, `IpAddress`, `Disk`. */
export function kindName(name: string): string {
  return attributeName(name)
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

/** Of a name of many things: `addresses`, `prefixes`, `switches`, `entries`, `disks`. */
export function singular(name: string): string {
  if (/chassis$/.test(name)) return name
  if (/ies$/.test(name)) return name.replace(/ies$/, 'y')
  if (/(?:ss|x|ch|sh)es$/.test(name)) return name.replace(/es$/, '')
  return /[^s]s$/.test(name) ? name.slice(0, -1) : name
}
