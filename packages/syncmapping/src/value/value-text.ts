/**
 * Values as text. BMC's language runs on Python, and real mappings rely on what its texts look like: `None`, `['a', 'b']`.
 *
 * @module
 */
import {
  Ci,
  Duration,
  GraphNode,
  type GraphRelationship,
  nothing,
  Table,
  Time,
  ticksPerMillisecond,
  type Value,
} from './value.ts'
import { XmlDocument } from './xml-document.ts'

export function textOf(value: Value): string {
  if (typeof value === 'string') return value
  if (value === null || value === nothing) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(quoted).join(', ')}]`
  if (value instanceof Table)
    return `{${[...value].map(([key, one]) => `${quoted(key)}: ${quoted(one)}`).join(', ')}}`
  return textOfObject(value)
}

function textOfObject(value: GraphNode | GraphRelationship | Ci | Time | Duration | XmlDocument): string {
  if (value instanceof XmlDocument) return '<document>'
  if (value instanceof Time) return formatTime(value)
  if (value instanceof Duration) return `${Number(value.ticks / ticksPerMillisecond) / 1000}s`
  if (value instanceof GraphNode) return `<${value.kind} ${value.id}>`
  if (value instanceof Ci) return `<${value.className} ${value.key}>`
  return `<${value.kind}>`
}

/** As it stands inside of a list. */
function quoted(value: Value): string {
  if (typeof value !== 'string') return textOf(value)
  const escaped = value
    .replace(/\\/g, '\\\\')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
  return escaped.includes("'") && !escaped.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replace(/'/g, "\\'")}'`
}

/** `2026-11-29 08:00:00+00:00`. */
function formatTime(time: Time): string {
  return `${new Date(time.milliseconds).toISOString().slice(0, 19).replace('T', ' ')}+00:00`
}
