/**
 * Subgraphs of some roots → CSV of what they give.
 *
 * @module
 */
import type { FailedRoot, Subgraphs, Way } from '@sluice/engine'
import {
  type ClassModel,
  type EvaluationWarning,
  evaluateRoot,
  type Graph,
  type GraphNode,
  type Program,
  type RootResult,
  type Write,
} from '@sluice/syncmapping'
import { readSubgraphs } from './read-subgraphs.ts'
import {
  longestKey,
  type MappedAttributes,
  type ResultRow,
  rowOfCi,
  rowOfRelationship,
} from './result-rows.ts'

/** What stays the same from batch to batch. */
export interface Evaluating {
  readonly program: Program
  readonly classes: ClassModel
  readonly dataModel: number
  readonly options: Readonly<Record<string, string>>
  /** Milliseconds since 1970: all roots of a run see one time. */
  readonly now: number
  readonly attributes: MappedAttributes
  /** By number. */
  readonly ways: ReadonlyMap<number, Way>
}

export interface BatchResult {
  /** CSV without a header: mapping, root, key, fields as JSON. */
  readonly csv: string
  readonly roots: number
  readonly failed: readonly FailedRoot[]
  readonly warnings: readonly RootWarning[]
}

export interface RootWarning extends Pick<EvaluationWarning, 'code' | 'message' | 'place'> {
  readonly root: string
}

export function evaluateBatch(evaluating: Evaluating, subgraphs: Subgraphs): BatchResult {
  const { graph, roots } = readSubgraphs(subgraphs, evaluating.ways)
  const lines: string[] = []
  const failed: FailedRoot[] = []
  const warnings: RootWarning[] = []
  for (const root of roots) {
    const result = evaluate(evaluating, graph, root)
    if (result.type === 'failed') {
      failed.push(failureOf(root, result.error))
      continue
    }
    if (result.type === 'deleted') continue
    const rows = rowsOf(result, evaluating.attributes)
    const long = rows.find(({ key }) => Buffer.byteLength(key) > 2 * longestKey)
    if (long !== undefined) failed.push(tooLong(root, long))
    else for (const row of rows) lines.push(lineOf(root, row))
    for (const { code, message, place } of result.warnings)
      warnings.push({ code, message, place, root: root.id })
  }
  return { csv: lines.join(''), roots: roots.length, failed, warnings }
}

/** @param onWrite Called with all that the root's bodies write. */
export function evaluate(
  { program, classes, dataModel, options, now }: Evaluating,
  graph: Graph,
  root: GraphNode,
  onWrite?: (write: Write) => void,
): RootResult {
  return evaluateRoot(program, root, {
    ...(onWrite === undefined ? {} : { onWrite }),
    graph,
    // What other roots make is known when all have been evaluated: a link waits for its ends.
    dataset: { has: () => true },
    classes,
    dataModel,
    now: () => now,
    minutesAhead: -new Date(now).getTimezoneOffset(),
    option: (name) => options[name] ?? null,
  })
}

/** One row for each key: what a root says twice, it says at last. */
export function rowsOf(
  { cis, relationships }: Extract<RootResult, { type: 'specified' }>,
  attributes: MappedAttributes,
): readonly ResultRow[] {
  const rows = new Map<string, ResultRow>()
  const add = (row: ResultRow) => {
    const name = `${row.mapping} ${row.key}`
    const known = rows.get(name)
    rows.set(name, known === undefined ? row : { ...row, fields: { ...known.fields, ...row.fields } })
  }
  for (const ci of cis) {
    const mapped = ci.kind === 'external' ? undefined : attributes.get(ci.className)
    if (mapped !== undefined) add(rowOfCi(ci, mapped))
  }
  for (const relationship of relationships) {
    const mapped = attributes.get(relationship.className)
    if (mapped !== undefined) add(rowOfRelationship(relationship, mapped))
  }
  return [...rows.values()]
}

function lineOf(root: GraphNode, { mapping, key, fields }: ResultRow): string {
  return `${quoted(mapping)},${quoted(root.id)},${quoted(key)},${quoted(JSON.stringify(fields))}\n`
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function failureOf(
  { id, kind }: GraphNode,
  { problem, message, place }: Extract<RootResult, { type: 'failed' }>['error'],
): FailedRoot {
  const { file, line, column } = place ?? {}
  return { root: id, kind, problem, message, file, line, column }
}

function tooLong({ id, kind }: GraphNode, { mapping, key }: ResultRow): FailedRoot {
  const message = `A key of ${mapping} is longer than ${longestKey} bytes: ${key.slice(0, 100)}…`
  return {
    root: id,
    kind,
    problem: 'KEY_TOO_LONG',
    message,
    file: undefined,
    line: undefined,
    column: undefined,
  }
}
