/**
 * Ageing: what has disappeared for long enough goes, though its source says nothing. Rows of an open table that nobody has touched for its
 * full load interval, rows that a delivery has missed for as long, and resources whose retention is over.
 *
 * @module
 */
import { type OnProgress, switchedOn } from '@sluice/model'
import type { Producer } from '../changes/produced.ts'
import type { RunContext } from '../context/run-context.ts'
import { type Aged, countAged } from '../replicas/count-aged.ts'
import { sharedPart } from '../replicas/shared-part.ts'
import { produceFromReplicas } from './produce-from-replicas.ts'
import { readWindow } from './read-window.ts'

/** Few rows have aged each time, so what they come to is weighed, too. */
export function produceAgeing(of: {
  readonly source: string
  readonly onProgress?: OnProgress | undefined
}): Producer {
  const produce = produceFromReplicas({ ...of, loaded: false, ageing: true })
  return async (context, straight) => {
    const produced = await produce(context, straight)
    const known = context.sources.get(of.source)
    const fewer = produced.entities.some(({ changes }) => changes.deleted > changes.inserted)
    if (known === undefined || !fewer) return produced
    return { ...produced, past: await readWindow(context.session, known.id, known.source) }
  }
}

/** How much such a run would have to do; it costs a scan of the source's replicas. */
export async function agedOf(context: RunContext, name: string): Promise<Aged> {
  const known = context.sources.get(name)
  const aged = { due: 0, refused: 0 }
  if (known === undefined) return aged
  const { source, id: sourceId } = known
  const part = { ...context, source, sourceId, whole: false, ageing: true as const }
  for (const { entityType, federation } of switchedOn(source).entities) {
    if (federation === undefined) continue
    const { due, refused } = await countAged(sharedPart(part, entityType))
    aged.due += due
    aged.refused += refused
  }
  return aged
}
