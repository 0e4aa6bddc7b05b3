/**
 * The edit of a resource in place: begun, typed, kept through a reload, sent with the version that was read.
 *
 * @module
 */
import type { EntityType } from '@sluice/model'
import { useState } from 'react'
import { ask } from '../api/ask.ts'
import { useDraft } from '../shell/use-draft.ts'
import { type EditDraft, readEditDraft } from './edit-draft.ts'
import { changedValues, type Entered, type EnteredValues, enteredOf } from './edited-values.ts'
import { type EditInSteps, useEdit } from './use-edit.ts'
import { askVersioned, type Explanation, type Versioned } from './use-resource.ts'

export interface Editor {
  /** `undefined`: nothing is being edited. */
  readonly draft: EditDraft | undefined
  readonly restored: boolean
  readonly edit: EditInSteps
  /** Why it did not begin. */
  readonly failed: Error | undefined
  readonly begin: () => Promise<void>
  readonly set: (property: string, entered: Entered) => void
  readonly comment: (text: string) => void
  readonly discard: () => void
  /** What somebody else has changed meanwhile is read, and what is typed stays on top of it. */
  readonly rebase: () => Promise<void>
  readonly changes: number
}

export function useEditor(type: EntityType, { resourceId, history }: Explanation): Editor {
  const { draft, restored, keep, drop } = useDraft(`${type.name} ${resourceId}`, readEditDraft)
  const [failed, setFailed] = useState<Error>()
  const changed = draft === undefined ? {} : changedValues(type.properties, draft.before, draft.entered)
  const edit = useEdit(
    (dryRun) =>
      ask('PATCH /resources/:entityType/:key', {
        params: { entityType: type.name, key: resourceId },
        query: { dryRun, ...(draft === undefined || draft.comment === '' ? {} : { comment: draft.comment }) },
        headers: { 'if-match': `"${draft?.version}"` },
        body: changed,
      }),
    drop,
  )
  const read = async (over: EditDraft | undefined) => {
    const before = fieldsOf(type, await askVersioned(type.name, resourceId))
    keep({
      version: before.version,
      run: history[0]?.run ?? 0,
      before: before.fields,
      entered: { ...before.fields, ...mine(over, Object.keys(changed)) },
      comment: over?.comment ?? '',
    })
    edit.reset()
  }
  const attempt = (over: EditDraft | undefined) =>
    read(over).catch((error) => setFailed(error instanceof Error ? error : new Error(String(error))))
  return {
    draft,
    restored,
    edit,
    failed,
    begin: () => attempt(undefined),
    rebase: () => attempt(draft),
    set(property, entered) {
      if (draft !== undefined) keep({ ...draft, entered: { ...draft.entered, [property]: entered } })
    },
    comment(text) {
      if (draft !== undefined) keep({ ...draft, comment: text })
    },
    discard: drop,
    changes: Object.keys(changed).length,
  }
}

function fieldsOf({ properties }: EntityType, { version, values, references }: Versioned) {
  const fields = properties.map(
    ({ name, type }) =>
      [
        name,
        // Nobody is shown the one that is stored.
        type === 'secret' ? { text: '' } : enteredOf(values[name], references[name] ?? null),
      ] as const,
  )
  return { version, fields: Object.fromEntries(fields) }
}

function mine(draft: EditDraft | undefined, names: readonly string[]): EnteredValues {
  const entered = Object.entries(draft?.entered ?? {}).filter(([name]) => names.includes(name))
  return Object.fromEntries(entered)
}
