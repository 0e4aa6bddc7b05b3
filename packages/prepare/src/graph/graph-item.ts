/**
 * A node or a relationship as a JSON document says it.
 *
 * @module
 */
import { relationshipId } from '@sluice/model'
import { isMap, isNumber, numberText } from '../json/exact-json.ts'
import { AttributeTrouble, attributesText, isStorable } from './attributes.ts'

export interface NodeRow {
  readonly id: string
  readonly kind: string
  /** JSON. */
  readonly attributes: string
  readonly destroyed: boolean
}

export interface RelationshipRow {
  readonly from: string
  readonly fromRole: string
  readonly kind: string
  readonly toRole: string
  readonly to: string
  readonly attributes: string
}

/** Why an item is none, and the keys that it may have. */
export interface ItemTrouble {
  readonly reason: string
  readonly column: string | null
  /** `undefined`: it may be any. */
  readonly keys: readonly string[] | undefined
}

export type GraphItem =
  | { readonly type: 'node'; readonly row: NodeRow | ItemTrouble }
  | { readonly type: 'relationship'; readonly row: RelationshipRow | ItemTrouble }
  /** Nothing says which of the two it is. */
  | { readonly type: 'neither'; readonly row: ItemTrouble }

export function isTrouble(row: NodeRow | RelationshipRow | ItemTrouble): row is ItemTrouble {
  return 'reason' in row
}

/** What has ends is a relationship. */
export function itemOf(value: unknown): GraphItem {
  if (!isMap(value))
    return { type: 'neither', row: { reason: 'it is not a map', column: null, keys: undefined } }
  if ('from' in value || 'to' in value) return { type: 'relationship', row: relationshipOf(value) }
  return { type: 'node', row: nodeOf(value) }
}

type Json = Readonly<Record<string, unknown>>

const nodeNames = new Set(['id', 'kind', 'attrs', 'attributes', 'destroyed'])

export function nodeOf(value: unknown): NodeRow | ItemTrouble {
  if (!isMap(value)) return { reason: 'it is not a map', column: null, keys: undefined }
  const id = identifier(value['id'])
  const trouble = (reason: string, column: string | null) => ({
    reason,
    column,
    keys: id === undefined ? undefined : [id],
  })
  if (id === undefined) return trouble(`it has no id${isOf(value['id'])}`, 'id')
  const kind = text(value['kind'])
  if (kind === undefined || kind === '') return trouble('it has no kind', 'kind')
  const unknown = unknownName(value, nodeNames)
  if (unknown !== undefined) return trouble(unknownReason(unknown, 'a node'), unknown)
  const destroyed = value['destroyed'] ?? false
  if (typeof destroyed !== 'boolean') return trouble('"destroyed" is true or false', 'destroyed')
  const attributes = attributesOf(value)
  if (attributes instanceof AttributeTrouble) return trouble(reasonOf(attributes), attributes.attribute)
  return { id, kind, attributes: attributes.text, destroyed: destroyed || attributes.destroyed }
}

const relationshipNames = new Set(['from', 'fromRole', 'kind', 'toRole', 'to', 'attrs', 'attributes'])

export function relationshipOf(value: unknown): RelationshipRow | ItemTrouble {
  if (!isMap(value)) return { reason: 'it is not a map', column: null, keys: undefined }
  const [from, to] = [identifier(value['from']), identifier(value['to'])]
  const [kind, fromRole, toRole] = [value['kind'], value['fromRole'] ?? '', value['toRole'] ?? ''].map(text)
  const known =
    from !== undefined &&
    to !== undefined &&
    kind !== undefined &&
    fromRole !== undefined &&
    toRole !== undefined
      ? { from, fromRole, kind, toRole, to }
      : undefined
  const trouble = (reason: string, column: string | null) => ({
    reason,
    column,
    keys: known && [relationshipId(known)],
  })
  if (known === undefined) {
    const found = { from, to, kind, fromRole, toRole }
    const [missing = 'kind'] = Object.entries(found).flatMap(([name, part]) =>
      part === undefined ? [name] : [],
    )
    return trouble(`it has no ${missing}${isOf(value[missing])}`, missing)
  }
  if (known.kind === '') return trouble('it has no kind', 'kind')
  const unknown = unknownName(value, relationshipNames)
  if (unknown !== undefined) return trouble(unknownReason(unknown, 'a relationship'), unknown)
  const attributes = attributesOf(value)
  if (attributes instanceof AttributeTrouble) return trouble(reasonOf(attributes), attributes.attribute)
  return { ...known, attributes: attributes.text }
}

/** Ids are texts; one that was written as a number is its digits. Nothing is no key. */
function identifier(value: unknown): string | undefined {
  if (value === null) return ''
  return isNumber(value) ? numberText(value) : text(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && isStorable(value) ? value : undefined
}

function isOf(value: unknown): string {
  return value === undefined ? '' : ' that is a text'
}

function unknownName(value: Json, known: ReadonlySet<string>): string | undefined {
  return Object.keys(value).find((name) => !known.has(name))
}

function unknownReason(name: string, what: string): string {
  return `"${name}" is not allowed in ${what}; attributes belong under "attrs"`
}

function attributesOf(
  value: Json,
): { readonly text: string; readonly destroyed: boolean } | AttributeTrouble {
  const given = value['attrs'] ?? value['attributes'] ?? {}
  if (!isMap(given)) return new AttributeTrouble('attrs', 'it is not a map')
  const written = attributesText(given)
  if (written instanceof AttributeTrouble) return written
  return { text: written, destroyed: given['_destroyed'] === true }
}

export function reasonOf({ attribute, reason }: AttributeTrouble): string {
  return `the attribute "${attribute}" cannot be taken: ${reason}`
}
