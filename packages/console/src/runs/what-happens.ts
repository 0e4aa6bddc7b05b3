/**
 * What a run would do, in a line each: the deletions first, because nobody wants to overlook them.
 *
 * @module
 */
import type { RunReport, SummarizedType } from '@sluice/model'
import { wholeNumber } from '../design/moment.tsx'
import type { ReadersLabels } from '../model/labels.ts'
import { texts } from '../texts/texts.ts'

const verbs = [
  ['deleted', texts.runs.verbs.delete],
  ['updated', texts.runs.verbs.update],
  ['inserted', texts.runs.verbs.insert],
] as const

type Counts = Pick<SummarizedType, 'type' | 'inserted' | 'updated' | 'deleted'>

/** Of a plan, which is in no list of runs: by its mappings. */
export function effectsOf({ entities, associations }: RunReport, labels: ReadersLabels): readonly string[] {
  return whatHappens(
    [...entities, ...associations].map(({ mapping: type, changes }) => ({ type, ...changes })),
    labels,
  )
}

export function whatHappens(types: readonly Counts[], labels: ReadersLabels): readonly string[] {
  return verbs.flatMap(([count, verb]) =>
    types.filter((one) => one[count] > 0).map((one) => verb(wholeNumber(one[count]), labels.type(one.type))),
  )
}
