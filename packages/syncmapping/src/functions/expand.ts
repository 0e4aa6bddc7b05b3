/**
 * `expand(template, …)`: a template that is not interpolated where it stands, such as a regular expression.
 *
 * @module
 */
import { RootFailedError } from '../root-failed-error.ts'
import { interpolated, type RawPart } from '../tree/text-parts.ts'
import { Ci, GraphNode, GraphRelationship, Table, type Value } from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import { builtIn, type Given, textAt } from './built-in.ts'

/** Names in the template stand for arguments of that name; those without a name are taken in the order in which names appear first. */
export const expand = builtIn([1, Number.POSITIVE_INFINITY], expanded, 'any')

function expanded(given: Given): Value {
  const parts = interpolated(textAt(given, 0).replace(/\\/g, '\\\\'))
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part[0]?.text ?? '']))
  const unnamed = [...new Set(names)].filter((name) => !given.named.has(name))
  const values = new Map<string, Value>([
    ...given.named,
    ...unnamed.flatMap((name, index): [string, Value][] => {
      const value = given.values[index + 1]
      return value === undefined ? [] : [[name, value]]
    }),
  ])
  return parts.map((part) => filled(part, values)).join('')
}

function filled(part: RawPart, values: ReadonlyMap<string, Value>): string {
  if (typeof part === 'string') return part
  const [first, ...attributes] = part.map(({ text }) => text)
  const value = values.get(first ?? '')
  if (value === undefined) throw new RootFailedError('TYPE', `expand is given nothing for %${first}%.`)
  return textOf(attributes.reduce<Value>(attributeIn, value))
}

function attributeIn(value: Value, name: string): Value {
  if (value instanceof Table) return value.get(name) ?? null
  if (value instanceof GraphNode || value instanceof GraphRelationship || value instanceof Ci) {
    return value.attributes.get(name) ?? null
  }
  throw new RootFailedError('NO_ATTRIBUTES', `There is no attribute ${name}, for this is not a node.`)
}
