/**
 * What came of a root → a result document.
 *
 * @module
 */
import type { RootResult } from '../evaluate/evaluate-root.ts'
import { defaultNamespace } from '../evaluate/execute-sync.ts'
import type { Relationship } from '../evaluate/target-graph.ts'
import { type Ci, Duration, nothing, Table, Time, type Value } from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import type { ResultDocument } from './documents.ts'

export function writeResult(result: RootResult): ResultDocument {
  if (result.type === 'failed') {
    const { problem, place } = result.error
    return { error: { code: problem, line: place?.line ?? 1, column: place?.column ?? 1 } }
  }
  const log = result.log.map(([level, text]): [string, string] => [level, text])
  const logged = log.length === 0 ? {} : { log }
  if (result.type === 'deleted') {
    return {
      delete: result.cis.map((ci) => ({ class: ci.className, key: ci.key, ...namespaced(ci) })),
      cis: [],
      rels: [],
      ...logged,
    }
  }
  return { cis: result.cis.map(writeCi), rels: result.relationships.map(writeRelationship), ...logged }
}

function writeCi(ci: Ci): Extract<ResultDocument, { cis: unknown }>['cis'][number] {
  const kind = ci.kind === 'shared' || ci.kind === 'external' ? { kind: ci.kind } : {}
  return { class: ci.className, key: ci.key, ...namespaced(ci), ...kind, ...attributed(ci.attributes) }
}

function writeRelationship(one: Relationship): Extract<ResultDocument, { rels: unknown }>['rels'][number] {
  const ends = { source: one.source.key, destination: one.destination.key }
  return { class: one.className, ...namespaced(one), ...ends, ...attributed(one.attributes) }
}

function namespaced({ namespace }: { readonly namespace: string }): { namespace?: string } {
  return namespace === defaultNamespace ? {} : { namespace }
}

function attributed(attributes: ReadonlyMap<string, Value>): { attrs?: Record<string, unknown> } {
  if (attributes.size === 0) return {}
  return { attrs: Object.fromEntries([...attributes].map(([name, value]) => [name, plain(value)])) }
}

/** As JSON says it; what JSON has no word for is text. */
function plain(value: Value): unknown {
  if (value === null || value === nothing) return null
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Table)
    return Object.fromEntries([...value].map(([key, one]) => [String(key), plain(one)]))
  if (value instanceof Time) return new Date(value.milliseconds).toISOString()
  if (value instanceof Duration) return textOf(value)
  return typeof value === 'object' ? textOf(value) : value
}
