/**
 * What the staged texts of a row mean: sections 1, 4.3 and the end of 5.3.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { ScenarioProperty, SourceDefinition } from '../scenario.ts'
import { isLegal } from './load-rows.ts'
import {
  type Link,
  propertiesOf,
  type Replica,
  type RowError,
  resourcesOf,
  type State,
  type Value,
} from './state.ts'

export type Attribute = NonNullable<SourceDefinition['attributes'][string]>

/** `silent` leaves the property alone. A warning may stand beside either; `unknown`: a reference that names nothing. */
export type Reading =
  | { readonly kind: 'silent'; readonly warning?: string }
  | { readonly kind: 'value'; readonly value: Value; readonly warning?: string }
  | { readonly kind: 'error'; readonly error: RowError; readonly unknown?: boolean }

const silent: Reading = { kind: 'silent' }

function read(value: Value): Reading {
  return { kind: 'value', value }
}

function fault(code: string, ...text: string[]): Reading {
  return { kind: 'error', error: { code, text } }
}

export interface Reader {
  readonly state: State
  readonly type: string
  readonly name: string
  readonly attribute: Attribute
}

export function readValue(of: Reader, { staged }: Pick<Replica, 'staged'>): Reading {
  const { state, type, name } = of
  const property = propertiesOf(state, type)[name]
  if (property === undefined) throw new Error(`There is no property ${name}.`)
  if (property.type === 'file') return readFile(name, staged)
  const text = staged[name] ?? null
  if (text === null) return silent
  if (property.type === 'links') return readLinks(of, property, text)
  if (text === '') return read(null)
  if (property.type === 'reference') return readReference(of, property, text)
  if (!isLegal(property, text)) return fault('invalid_value', name)
  return read(typed(property, text))
}

export function typed({ type }: ScenarioProperty, text: string): Value {
  if (type === 'integer' || type === 'decimal') return Number(text)
  return type === 'boolean' ? text === 'true' : text
}

function readFile(name: string, staged: Replica['staged']): Reading {
  const [data, filename, mimetype] = ['data', 'filename', 'mimetype'].map(
    (part) => staged[`${name}_${part}`] ?? null,
  )
  const parts = [data, filename, mimetype]
  if (parts.every((part) => part === '')) return read(null)
  if (data && filename && mimetype) {
    return read({ filename, mimetype, text: Buffer.from(data, 'base64').toString() })
  }
  return parts.every((part) => part === null) ? silent : { kind: 'silent', warning: 'file_incomplete' }
}

function readReference(
  { state, name, attribute }: Reader,
  { to = '', required = false }: ScenarioProperty,
  text: string,
): Reading {
  const by = attribute.referenceBy ?? state.types[to]?.display ?? ''
  if (by === 'id') {
    if (!/^\d+$/.test(text)) return fault('invalid_value', name)
    const target = state.resources.get(Number(text))
    return target?.type === to ? read(target.id) : fault('reference_not_found', name)
  }
  const targets = resourcesOf(state, to).filter(({ values }) => values[by] === text)
  if (targets.length === 1) return read(targets[0]?.id ?? null)
  const code = targets.length === 0 ? 'reference_not_found' : 'reference_ambiguous'
  return required
    ? { kind: 'error', error: { code, text: [name] }, unknown: true }
    : { kind: 'value', value: null, warning: code }
}

function readLinks({ state, name, attribute }: Reader, property: ScenarioProperty, text: string): Reading {
  if (text === '') return read([])
  const { entry = '|', part = ';', value = ':', quote = "'" } = attribute.separators ?? {}
  const links: Link[] = []
  for (const one of split(text, entry, quote)) {
    const link = readLink(state, property, split(one, part, quote), { value, quote })
    if (link === undefined) return fault('bad_link_set', name)
    if (!links.some(({ to }) => to === link.to)) links.push(link)
  }
  return read(links)
}

function readLink(
  state: State,
  { to = '', as = '', linkProperties = {} }: ScenarioProperty,
  parts: readonly string[],
  signs: { readonly value: string; readonly quote: string },
): Link | undefined {
  const named = parts.map((part) => namedPart(unquoted(part, signs.quote), signs.value))
  const isTarget = (name: string) => name === as || name.startsWith(`${as}->`)
  const known = (name: string) =>
    name === as ||
    linkProperties[name] !== undefined ||
    (isTarget(name) && propertiesOf(state, to)[name.slice(as.length + 2)] !== undefined)
  if (!named.every(([name]) => known(name)) || !named.some(([name]) => isTarget(name))) return undefined
  const [target, ...others] = resourcesOf(state, to).filter(({ id, values }) =>
    named
      .filter(([name]) => isTarget(name))
      .every(([name, text]) =>
        name === as ? String(id) === text : (values[name.slice(as.length + 2)] ?? '') === text,
      ),
  )
  if (target === undefined || others.length > 0) return undefined
  return {
    to: target.id,
    properties: Object.fromEntries(named.filter(([name, text]) => !isTarget(name) && text !== '')),
  }
}

/** Without a name, which nothing is called, where there is no separator. */
function namedPart(part: string, separator: string): readonly [string, string] {
  const at = part.indexOf(separator)
  return at < 0 ? ['', part] : [part.slice(0, at), part.slice(at + separator.length)]
}

/** Separators inside of quotes are none. */
function split(text: string, separator: string, quote: string): readonly string[] {
  const parts: string[] = ['']
  let inside = false
  for (const sign of text) {
    if (sign === quote) inside = !inside
    if (sign === separator && !inside) parts.push('')
    else parts[parts.length - 1] += sign
  }
  return parts
}

function unquoted(text: string, quote: string): string {
  return text.startsWith(quote) && text.endsWith(quote) && text.length > 1
    ? text.slice(1, -1).replaceAll(quote + quote, quote)
    : text
}
