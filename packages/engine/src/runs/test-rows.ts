/**
 * Tries out what rows of a source would find, in a transaction that is rolled back.
 *
 * @module
 */
import {
  type EntityMapping,
  partName,
  primaryKeyColumn,
  type RowToTest,
  type Source,
  type TestedRow,
} from '@sluice/model'
import type { RunContext } from '../context/run-context.ts'
import { NotSearchedError, UnknownRowPropertyError } from '../matches/match-errors.ts'
import type { EngineContext } from './engine-context.ts'
import { openRun } from './execute-run.ts'

export interface TestRowsRequest {
  readonly source: string
  /** Where the source fills several types: of which. */
  readonly entityType?: string | undefined
  readonly rows: readonly RowToTest[]
}

/** How rows of a mapping are tried out within a run that is none. */
export type TryRows = (
  run: RunContext,
  of: { readonly source: string; readonly entityType: string; readonly rows: readonly RowToTest[] },
) => Promise<readonly TestedRow[]>

/** Carries the answer out of its transaction, which must not be committed. */
class RolledBack {
  readonly tested: readonly TestedRow[]
  constructor(tested: readonly TestedRow[]) {
    this.tested = tested
  }
}

export async function testRows(
  context: EngineContext,
  { source: name, entityType, rows }: TestRowsRequest,
  tryRows: TryRows,
): Promise<readonly TestedRow[]> {
  const source = context.configuration.sources.get(name)
  const mapping = mappingOf(name, source, entityType)
  for (const row of rows) requireKnown(name, mapping, row)
  try {
    return await context.database.transaction(async (session): Promise<never> => {
      const run = await openRun(context, session, { runId: 0, rows: rows.length, signal: undefined })
      throw new RolledBack(await tryRows(run, { source: name, entityType: mapping.entityType, rows }))
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.tested
    throw error
  }
}

function mappingOf(name: string, source: Source | undefined, entityType: string | undefined): EntityMapping {
  const searched = (source?.entities ?? []).filter(({ federation }) => federation !== undefined)
  const [mapping, ...others] =
    entityType === undefined ? searched : searched.filter((one) => one.entityType === entityType)
  if (mapping === undefined || others.length > 0)
    throw new NotSearchedError(
      name,
      entityType,
      searched.map((one) => one.entityType),
    )
  return mapping
}

function requireKnown(source: string, mapping: EntityMapping, row: RowToTest): void {
  const known = mapping.properties.flatMap(({ property, parts }) =>
    parts === undefined ? [property] : parts.map(({ by }) => partName(property, by)),
  )
  const unknown = Object.keys(row).find((name) => name !== primaryKeyColumn && !known.includes(name))
  if (unknown !== undefined)
    throw new UnknownRowPropertyError({ source, entityType: mapping.entityType }, unknown, known)
}
