/** What the reader calls the things of the model; names until it is there. @module */
import { useMemo } from 'react'
import { labelsOf, type ReadersLabels } from './labels.ts'
import { useModel } from './use-model.ts'

export function useLabels(): ReadersLabels {
  const { model } = useModel()
  return useMemo(() => labelsOf(model), [model])
}
