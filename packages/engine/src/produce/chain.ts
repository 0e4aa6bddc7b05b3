/**
 * The chain of deliveries: which one the repository stands for, and whether the next incremental may build on a run.
 *
 * A complete keeps what it could not read as it is stored. Where the agent has lost what it delivered before, or that
 * was never applied, it cannot know of those rows, and would not say when they are gone. So no incremental may build
 * on such a complete, and the agent finds that the repository does not hold what it delivered last.
 *
 * @module
 */
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import type { ComparedRows } from '../rows/entity-rows.ts'

/** The delivery that the repository stands for; `undefined` where no incremental may build on what it holds. */
export async function appliedDelivery(session: Session, sourceId: number): Promise<string | undefined> {
  const { rows } = await run(session, readApplied(sourceId))
  return rows[0]?.applied ?? undefined
}

function readApplied(sourceId: number): Statement<{ applied: string | null }> {
  return statement(
    'produce/applied-delivery',
    sql`select applied_delivery as applied from sluice_source where source_id = ${sql.literal(sourceId)}`,
  )
}

/** Why no incremental may build on a run, in a note for its report. */
export async function whyChainEnds(
  { session, sourceId, whole }: SourcePart,
  keptFrom: string | undefined,
  mappings: readonly Pick<ComparedRows, 'withheld'>[],
): Promise<string | undefined> {
  const withheld = mappings.reduce((sum, mapping) => sum + mapping.withheld, 0)
  if (!whole || withheld === 0) return undefined
  if (keptFrom !== undefined && keptFrom === (await appliedDelivery(session, sourceId))) return undefined
  const [what, them] =
    withheld === 1
      ? ['A row could not be read, so its stored values are kept', 'it']
      : [`${withheld} rows could not be read, so their stored values are kept`, 'them']
  return `${what}. The agent does not know of ${them}, so the next run has to be a complete, too.`
}
