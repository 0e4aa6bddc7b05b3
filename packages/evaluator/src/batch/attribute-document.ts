import { Table, type Value } from '@sluice/syncmapping'

/** An attribute of the source graph as JSON says it; a whole number that is no number of JavaScript is a text. */
export function attributeDocument(value: Value): unknown {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(attributeDocument)
  if (value instanceof Table)
    return Object.fromEntries([...value].map(([name, one]) => [String(name), attributeDocument(one)]))
  return value
}
