/**
 * What is said of rows that were looked at: as much as one answer may hold.
 *
 * @module
 */
import {
  cutText,
  type Finding,
  longestPreview,
  longestPreviewValue,
  mostPreviewColumns,
  mostPreviewedOfRow,
  mostPreviewFindings,
  type PreviewAnswer,
  type PreviewedRow,
  type ProposalFinding,
} from '@sluice/model'
import type { TriedRow } from '@sluice/prepare'

export type PreviewProblem = NonNullable<PreviewAnswer['error']>

/** Characters of a sentence. */
const longestSentence = 2000

const nothing: PreviewAnswer = { mapping: null, rows: [], findings: [], error: null }

/** Rows that do not fit any more are left out. */
export function rowsAnswer(
  mapping: string,
  tried: readonly TriedRow[],
  findings: readonly ProposalFinding[],
): PreviewAnswer {
  const rows: PreviewedRow[] = []
  let size = 0
  for (const row of tried.map(previewedRow)) {
    size += Buffer.byteLength(JSON.stringify(row))
    if (size > longestPreview) break
    rows.push(row)
  }
  return { ...nothing, mapping, rows, findings: [...findings] }
}

export function problemAnswer(error: PreviewProblem): PreviewAnswer {
  return { ...nothing, error }
}

export function findingsAnswer(findings: readonly ProposalFinding[]): PreviewAnswer {
  return { ...nothing, findings: [...findings] }
}

function previewedRow({ file, line, outcome, reason, before, after }: TriedRow): PreviewedRow {
  return {
    file: cutText(file, longestSentence),
    line,
    outcome,
    reason: reason === null ? null : cutText(reason, longestSentence),
    before: valuesOf(before),
    after: after.slice(0, mostPreviewedOfRow).map(valuesOf),
  }
}

function valuesOf(texts: Readonly<Record<string, string>>): PreviewedRow['before'] {
  return Object.entries(texts)
    .slice(0, mostPreviewColumns)
    .map(([name, value]) => ({
      name: cutText(name, longestPreviewValue),
      value: cutText(value, longestPreviewValue),
    }))
}

export function proposalFindings(findings: readonly Finding[]): readonly ProposalFinding[] {
  return findings
    .slice(0, mostPreviewFindings)
    .map(({ severity, code, file, line, column, message, remedy }) => ({
      severity,
      code,
      file,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      message: cutText(message, longestSentence),
      ...(remedy === undefined ? {} : { remedy: cutText(remedy, longestSentence) }),
    }))
}
