/**
 * Objects of NetBox, as its API lists them: whatever else an object shows with an address of its own is a relationship.
 *
 * @module
 */
import { isMap } from '../json/exact-json.ts'
import {
  attributeName,
  type Fields,
  type Found,
  isAttribute,
  kindName,
  mapIn,
  NotUnderstoodError,
  singular,
  textIn,
} from './found.ts'

/** Parts of the path whose names alone say too little, or are written otherwise. */
const kinds: Readonly<Record<string, string>> = { 'virtualization/interfaces': 'VmInterface' }

/** What says where an object is to be seen, and when somebody looked at it. */
const leftOut = new Set(['id', 'url', 'display_url', 'last_updated', 'custom_fields'])

interface ObjectName {
  readonly id: string
  readonly kind: string
}

export function netboxItems(fields: Fields): readonly Found[] {
  const object = nameOf(fields)
  if (object === undefined)
    throw new NotUnderstoodError('it is no object of NetBox: it has no url such as /api/dcim/devices/1/')
  const all = { ...fields, ...customOf(fields) }
  const attrs: Record<string, unknown> = { key: object.id }
  const relationships: Found[] = []
  for (const [name, value] of Object.entries(all)) {
    if (leftOut.has(name)) continue
    const others = (Array.isArray(value) ? value : [value]).flatMap(referenceOf)
    for (const { id, kind } of others)
      relationships.push({
        from: object.id,
        fromRole: object.kind,
        kind: kindName(name),
        toRole: kind,
        to: id,
      })
    const written = attributeOf(value)
    if (written !== undefined) attrs[attributeName(name)] = written
  }
  return [{ id: object.id, kind: object.kind, attrs }, ...relationships]
}

/** What people added to an object, under names that are told from its own. */
function customOf(fields: Fields): Fields {
  const custom = Object.entries(mapIn(fields, 'custom_fields'))
  return Object.fromEntries(custom.map(([name, value]) => [`cf_${name}`, value]))
}

function referenceOf(value: unknown): readonly ObjectName[] {
  const found = isMap(value) ? nameOf(value) : undefined
  return found === undefined ? [] : [found]
}

/** A text, a number; of a choice its value, of another object what it is shown as. */
function attributeOf(value: unknown): unknown {
  if (isAttribute(value)) return value
  if (isMap(value)) return nameOf(value) === undefined ? scalar(value['value']) : shown(value)
  if (!Array.isArray(value)) return undefined
  const texts = value.flatMap((one) => (isMap(one) ? (shown(one) ?? []) : []))
  return texts.length === 0 ? undefined : texts
}

function scalar(value: unknown): unknown {
  return isAttribute(value) ? value : undefined
}

function shown(value: Fields): string | undefined {
  return textIn(value, 'display') ?? textIn(value, 'name')
}

/** By its address: `https://netbox.example.org/api/dcim/devices/17/` is `Device/17`. */
function nameOf(value: Fields): ObjectName | undefined {
  const [, app = '', plural = '', id] =
    /\/api\/(.+)\/([^/]+)\/(\d+)\/?$/.exec(textIn(value, 'url') ?? '') ?? []
  if (id === undefined) return undefined
  const kind = kinds[`${app}/${plural}`] ?? kindName(singular(plural))
  return { id: `${kind}/${id}`, kind }
}
