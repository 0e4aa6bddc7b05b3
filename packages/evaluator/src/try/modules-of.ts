/**
 * The modules of a graph source, with what somebody who edits them has to know of the model and of the graph.
 *
 * @module
 */
import { readStoredKinds, type StoredKinds } from '@sluice/engine'
import type { SourceModules } from '@sluice/model'
import { versionOfModules } from '@sluice/repository'
import { classModelOf, writeClassModel } from '@sluice/syncmapping'
import type { StoredGraph } from '../explain/evaluate-stored.ts'

/** `undefined`: nothing of its graph is stored. */
type MaybeStored = Pick<StoredGraph, 'session' | 'graph' | 'model'> & {
  readonly sourceId: number | undefined
}

export async function modulesOf({ session, graph, model, sourceId }: MaybeStored): Promise<SourceModules> {
  const { classes, relationships = {}, open } = writeClassModel(classModelOf(model))
  const stored = sourceId === undefined ? undefined : await readStoredKinds(session, sourceId)
  return {
    version: versionOfModules(graph.modules),
    modules: graph.modules.map(({ file, text }) => ({ file, text })),
    dataModel: graph.dataModel,
    classes: { classes, relationships, open },
    kinds: stored === undefined || Object.keys(stored.kinds).length === 0 ? null : kindsOf(stored),
  }
}

function kindsOf({ kinds, rels }: StoredKinds): NonNullable<SourceModules['kinds']> {
  return { kinds: { ...kinds }, ...(rels === undefined ? {} : { rels: [...rels] }) }
}
