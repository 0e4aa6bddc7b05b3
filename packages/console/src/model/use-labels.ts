/** What the reader calls the things of the model; names until it is there, and for whoever may not read it. @module */
import { useMemo } from 'react'
import { useSession } from '../api/session.tsx'
import { labelsOf, type ReadersLabels } from './labels.ts'
import { useModel } from './use-model.ts'

export function useLabels(): ReadersLabels {
  const { may } = useSession()
  const { model } = useModel({ enabled: may('read') })
  return useMemo(() => labelsOf(model), [model])
}

/** What is made with labels, such as the columns of a table; `make` stays the same between renderings. */
export function useLabelled<Made>(make: (labels: ReadersLabels) => Made): Made {
  const labels = useLabels()
  return useMemo(() => make(labels), [make, labels])
}
