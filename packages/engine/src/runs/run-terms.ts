/**
 * Why a run is held though no threshold holds it: by the terms on which it was asked for.
 *
 * @module
 */
import type { EntityModel, HoldReason } from '@sluice/model'
import type { Session } from '@sluice/repository'
import type { Produced } from '../changes/produced.ts'
import { sumOfChanges } from '../changes/sum-of-changes.ts'
import type { RunRequest } from './execute-run.ts'

/** `undefined`: nothing in its terms holds it. */
export async function reasonToHold(
  session: Session,
  model: EntityModel,
  { terms, forced }: Pick<RunRequest, 'terms' | 'forced'>,
  produced: Produced,
): Promise<HoldReason | undefined> {
  if (terms === undefined) return undefined
  if (terms.kind === 'hold') return forced !== true && changesAnything(produced) ? 'asked' : undefined
  // Force goes past thresholds, of which the plan has told, and not past what nobody has seen.
  return (await sumOfChanges(session, model, produced.changeSet)) === terms.sum ? undefined : 'moved'
}

function changesAnything({ entities, associations, elsewhere }: Produced): boolean {
  return [...entities, ...associations, ...elsewhere.entities, ...elsewhere.associations].some(
    ({ changes }) => changes.inserted + changes.updated + changes.deleted > 0,
  )
}
