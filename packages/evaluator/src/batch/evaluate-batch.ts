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
import { fastMd5 } from './fast-md5.ts'
import { readSubgraphs } from './read-subgraphs.ts'
import {
  laidOver,
  longestKey,
  type MappedClasses,
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
  readonly mapped: MappedClasses
  /** By number. */
  readonly ways: ReadonlyMap<number, Way>
}

export interface BatchResult {
  /** By mapping: CSV without a header, the root and then the columns of the mapping. */
  readonly csv: ReadonlyMap<string, string>
  readonly roots: number
  readonly failed: readonly FailedRoot[]
  readonly warnings: readonly RootWarning[]
}

export interface RootWarning extends Pick<EvaluationWarning, 'code' | 'message' | 'place'> {
  readonly root: string
}

export function evaluateBatch(evaluating: Evaluating, subgraphs: Subgraphs): BatchResult {
  const { graph, roots } = readSubgraphs(subgraphs, evaluating.ways)
  const csv = new Map<string, string>()
  const failed: FailedRoot[] = []
  const warnings: RootWarning[] = []
  for (const root of roots) {
    const result = evaluate(evaluating, graph, root)
    if (result.type === 'failed') {
      failed.push(failureOf(root, result.error))
      continue
    }
    if (result.type === 'deleted') continue
    const rows = rowsOf(result, evaluating.mapped)
    const long = rows.find(({ names }) => names.some(isTooLong))
    if (long !== undefined) failed.push(tooLong(root, long))
    else addLines(csv, root, rows)
    for (const { code, message, place } of result.warnings)
      warnings.push({ code, message, place, root: root.id })
  }
  return { csv, roots: roots.length, failed, warnings }
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
    md5: fastMd5,
  })
}

/** One row for each key: what a root says twice, it says at last. */
export function rowsOf(
  { cis, relationships }: Extract<RootResult, { type: 'specified' }>,
  mapped: MappedClasses,
): readonly ResultRow[] {
  const rows = new Map<string, ResultRow>()
  const add = (row: ResultRow) => {
    const name = `${row.mapping}\n${row.names.join('\n')}`
    const known = rows.get(name)
    rows.set(name, known === undefined ? row : laidOver(known, row))
  }
  for (const ci of cis) {
    const columns = ci.kind === 'external' ? undefined : mapped.get(ci.className)
    if (columns !== undefined) add(rowOfCi(ci, columns))
  }
  for (const relationship of relationships) {
    const columns = mapped.get(relationship.className)
    if (columns !== undefined) add(rowOfRelationship(relationship, columns))
  }
  return [...rows.values()]
}

function addLines(csv: Map<string, string>, root: GraphNode, rows: readonly ResultRow[]): void {
  const name = quoted(root.id)
  for (const row of rows) csv.set(row.mapping, (csv.get(row.mapping) ?? '') + lineOf(name, row))
}

/** A field without quotes is null. */
function lineOf(root: string, { fields }: ResultRow): string {
  let line = root
  for (const field of fields) line += field === undefined ? ',' : `,${quoted(field)}`
  return `${line}\n`
}

function quoted(text: string): string {
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`
}

function isTooLong(name: string): boolean {
  return name.length > longestKey / 4 && Buffer.byteLength(name) > longestKey
}

function failureOf(
  { id, kind }: GraphNode,
  { problem, message, place }: Extract<RootResult, { type: 'failed' }>['error'],
): FailedRoot {
  const { file, line, column } = place ?? {}
  return { root: id, kind, problem, message, file, line, column }
}

function tooLong({ id, kind }: GraphNode, { mapping, names }: ResultRow): FailedRoot {
  const [name = ''] = names.filter(isTooLong)
  const message = `A key of ${mapping} is longer than ${longestKey} bytes: ${name.slice(0, 100)}…`
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
