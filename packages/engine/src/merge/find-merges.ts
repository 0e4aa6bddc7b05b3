/**
 * Finds the resources that are to become one, and refuses what cannot.
 *
 * @module
 */
import type { Edit, EditRequest, EntityType, ResourceName } from '@sluice/model'
import { entityTypeOf, type RunContext } from '../context/run-context.ts'
import { MergeAloneError, NotMergeableError, type Subject } from '../edit/edit-errors.ts'
import { type FindNamed, type FoundResource, findNamed, type Named } from '../edit/find-named.ts'
import { describeName, typeNamed } from '../edit/read-edits.ts'

/** A resource that stays, and those that become one with it, in the order in which they were named. */
export interface FoundMerge extends Subject, FoundResource {
  readonly merged: readonly FoundResource[]
  readonly version: string | undefined
}

/** The merges of one type. */
export interface TypeMerges {
  readonly type: EntityType
  readonly edits: readonly FoundMerge[]
}

type MergeEdit = Extract<Edit, { readonly action: 'merge' }>

/** Whether a request asks for merges; those that ask for other things as well are refused when they are produced. */
export function isMerge({ edits }: Pick<EditRequest, 'edits'>): boolean {
  return edits.some(({ action }) => action === 'merge')
}

export async function findMerges(
  context: RunContext,
  { edits }: Pick<EditRequest, 'edits'>,
): Promise<readonly TypeMerges[]> {
  const asked = edits.map((edit, index) => {
    if (edit.action !== 'merge')
      throw new MergeAloneError(edits.findIndex(({ action }) => action === 'merge'))
    return { edit, index, type: typeNamed(context.model, edit.type, index) }
  })
  const named = (index: number, type: EntityType, name: ResourceName): Named => ({ edit: index, type, name })
  const all = asked.flatMap(({ edit, index, type }) =>
    [edit.resource, ...edit.merged].map((name) => named(index, type, name)),
  )
  const find = await findNamed(context, all, [])
  const found = asked.map(({ edit, index, type }) => foundMerge(edit, index, type, find))
  refuseTwice(found)
  return [...new Set(found.map(({ entityType }) => entityType))].map((name) => ({
    type: entityTypeOf(context.model, name),
    edits: found.filter(({ entityType }) => entityType === name),
  }))
}

function foundMerge(edit: MergeEdit, index: number, type: EntityType, find: FindNamed): FoundMerge {
  const kept = find({ edit: index, type, name: edit.resource })
  const merged = edit.merged.map((name) => find({ edit: index, type, name }))
  const subject = { edit: index, name: `${edit.type} ${describeName(edit.resource)}` }
  const other = merged.find(({ entityType }) => entityType !== kept.entityType)
  if (other !== undefined) {
    const why = `it is a ${kept.entityType}, and #${other.resourceId} a ${other.entityType}`
    throw new NotMergeableError(subject, why)
  }
  return { ...subject, ...kept, merged, version: edit.version }
}

function refuseTwice(merges: readonly FoundMerge[]): void {
  const seen = new Set<string>()
  for (const merge of merges) {
    for (const { resourceId } of [merge, ...merge.merged]) {
      if (seen.has(resourceId)) throw new NotMergeableError(merge, `#${resourceId} is named twice`)
      seen.add(resourceId)
    }
  }
}
