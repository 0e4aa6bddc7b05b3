/**
 * Asks the managed system of a source what somebody at the server wants to know: as the definition of the agent says, and nothing else.
 *
 * @module
 */
import type { Checked, Discovered, DiscoveredTable } from '@sluice/connectors'
import {
  type CheckAnswer,
  type CheckKind,
  cutText,
  type DiscoveredSystem,
  type DiscoveredTableRecord,
  longestFact,
  longestSuggestion,
  mostColumns,
  mostFacts,
  mostTables,
  type Preview,
  type PreviewAnswer,
} from '@sluice/model'
import { describedError } from './execution-notes.ts'

/** Connects to the managed system of a source, as its definition says. */
export interface SystemQuestions {
  /** Whether it can be reached, and what is visible. */
  check(source: string, signal: AbortSignal): Promise<Checked>
  /** Which tables and columns it has, and a configuration of them. */
  discover(
    source: string,
    signal: AbortSignal,
  ): Promise<{ readonly discovered: Discovered; readonly suggestion: string }>
  /** The first rows of a file, and what a mapping makes of them. */
  preview(
    of: Pick<Preview, 'source' | 'mapping' | 'proposal' | 'rows'>,
    signal: AbortSignal,
  ): Promise<PreviewAnswer>
}

const nothing = { facts: {}, warnings: [], discovered: null, error: null }

/** What is said of the system, or why it cannot be reached. Throws only where `signal` was aborted. */
export async function checkConnection(
  of: { readonly source: string; readonly kind: CheckKind },
  questions: () => SystemQuestions,
  signal: AbortSignal,
): Promise<CheckAnswer> {
  try {
    return of.kind === 'check'
      ? checkedAnswer(await questions().check(of.source, signal))
      : { ...nothing, discovered: discoveredAnswer(await questions().discover(of.source, signal)) }
  } catch (error) {
    signal.throwIfAborted()
    return { ...nothing, error: describedError(error) }
  }
}

/** Rows, or why there are none. Throws only where `signal` was aborted. */
export async function showRows(
  preview: Preview,
  questions: () => Pick<SystemQuestions, 'preview'>,
  signal: AbortSignal,
): Promise<PreviewAnswer> {
  try {
    return await questions().preview(preview, signal)
  } catch (error) {
    signal.throwIfAborted()
    return { mapping: null, rows: [], findings: [], error: describedError(error) }
  }
}

function checkedAnswer({ facts, warnings }: Checked): CheckAnswer {
  const shown = Object.entries(facts).slice(0, mostFacts)
  return {
    ...nothing,
    facts: Object.fromEntries(shown.map(([name, value]) => [cut(name), cut(value)])),
    warnings: warnings.slice(0, mostFacts).map(cut),
  }
}

function discoveredAnswer({
  discovered: { tables, notes },
  suggestion,
}: {
  readonly discovered: Discovered
  readonly suggestion: string
}): DiscoveredSystem {
  return {
    tables: tables.slice(0, mostTables).map(tableRecord),
    notes: notes.slice(0, mostFacts).map(cut),
    // Half a suggestion would be none.
    suggestion: suggestion.length > longestSuggestion ? '' : suggestion,
  }
}

function tableRecord({ file, name, kind, rows, columns }: DiscoveredTable): DiscoveredTableRecord {
  return {
    file: cut(file),
    name: cut(name),
    kind,
    rows: rows ?? null,
    columns: columns.slice(0, mostColumns).map((column) => ({
      name: cut(column.name),
      type: column.type,
      key: column.key === true,
      references:
        column.references === undefined
          ? null
          : cut(`${column.references.file}: ${column.references.column}`),
    })),
  }
}

function cut(text: string): string {
  return cutText(text, longestFact)
}
