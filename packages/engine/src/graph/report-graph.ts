/**
 * What a report says of a graph: every node and relationship that was read ends in one place, as every row does.
 *
 * @module
 */
import type { ChangeCounts, EntityReport } from '@sluice/model'
import type { RowCounts } from '../rows/staged-rows.ts'
import type { Evaluated } from './evaluation.ts'
import type { GraphPart } from './staged-graph.ts'

export interface CountedPart {
  readonly part: GraphPart
  readonly source: string
  readonly counts: RowCounts
  /** Since they were staged. */
  readonly rejected: number
  readonly withheld: number
  readonly changes: ChangeCounts
  readonly stored: number
}

/** Of what is delivered; no resource is changed by it, and those that follow from it are reported by their own mappings. */
export function reportOf({
  part,
  source,
  counts,
  rejected,
  withheld,
  changes,
  stored,
}: CountedPart): EntityReport {
  const { inserted, updated } = changes
  const placed = {
    rejected: counts.rejected + rejected,
    nullKey: counts.nullKey,
    duplicate: counts.duplicate,
    inserted,
    updated,
    deleted: 0,
  }
  const sum = Object.values(placed).reduce((total, count) => total + count, 0)
  return {
    mapping: part,
    source,
    rows: { read: counts.read, ...placed, unchanged: Math.max(0, counts.read - sum) },
    changes: { inserted: 0, updated: 0, deleted: 0 },
    withheld,
    stillRejected: 0,
    stored,
    orphanReferences: 0,
  }
}

export interface Noted {
  readonly source: string
  readonly evaluated: Evaluated
  /** Nodes and relationships that are there no more. */
  readonly gone: { readonly nodes: number; readonly relationships: number }
  readonly loose: { readonly count: number; readonly example: string | null }
  readonly withheld: number
}

export function notesOf({ source, evaluated, gone, loose, withheld }: Noted): readonly string[] {
  const { failed, roots, notes } = evaluated
  const [first] = failed
  const stay = failed.length === 1 ? 'its previous results are kept' : 'their previous results are kept'
  return [
    `${counted(roots, 'root', 'roots')} evaluated${failed.length === 0 ? '' : `, of which ${failed.length} failed: ${stay}. \`sluice roots ${source} --failed\` lists them`}.`,
    ...(first === undefined ? [] : [`${first.kind} ${first.root} failed: ${placed(first)}${first.message}`]),
    ...(gone.nodes + gone.relationships === 0
      ? []
      : [
          `${counted(gone.nodes, 'node', 'nodes')} and ${counted(gone.relationships, 'relationship', 'relationships')} are no longer in the graph.`,
        ]),
    ...(loose.count === 0
      ? []
      : [
          `${counted(loose.count, 'relationship has', 'relationships have')} an end that is not in the graph, such as ${loose.example ?? ''}.`,
        ]),
    ...(withheld === 0
      ? []
      : [
          `${counted(withheld, 'node or relationship', 'nodes or relationships')} could not be read; their stored values are kept.`,
        ]),
    ...notes,
  ]
}

function placed({ file, line, column }: Evaluated['failed'][number]): string {
  return file === undefined ? '' : `${file}:${line ?? 1}:${column ?? 1}: `
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}
