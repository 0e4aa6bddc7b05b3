/** Makes resources one: which stays is chosen, what would change is shown first. @module */

import { Button, Menu } from '@mantine/core'
import type { Duplicates } from '@sluice/model'
import { IconGitMerge } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { EditReview } from './edit-review.tsx'
import { useEdit } from './use-edit.ts'

interface MergeProps {
  readonly group: Duplicates
  /** All of them but one are gone. */
  readonly onMerged: () => void
}

export function MergeResources({ group: { entityType, resources }, onMerged }: MergeProps): ReactNode {
  const labels = useLabels()
  const [kept, setKept] = useState('')
  const [comment, setComment] = useState('')
  const edit = useEdit(
    (dryRun, id = kept) => {
      const merged = resources
        .filter(({ resourceId }) => resourceId !== id)
        .map(({ resourceId }) => ({ id: resourceId }))
      return ask('POST /edits', {
        query: { dryRun, ...(comment === '' ? {} : { comment }) },
        body: { edits: [{ action: 'merge', type: entityType, resource: { id }, merged }] },
      })
    },
    ({ report }) => {
      setComment('')
      if (report.state === 'applied') onMerged()
    },
  )
  const choose = (id: string) => {
    setKept(id)
    void edit.plan(id)
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconGitMerge size={14} />} loading={edit.busy}>
            {texts.resources.merge}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {resources.map(({ resourceId, display }) => (
            <Menu.Item key={resourceId} onClick={() => choose(resourceId)}>
              {texts.resources.keepThis(display ?? labels.type(entityType), resourceId)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <EditReview
        edit={edit}
        title={texts.resources.mergeTitle(texts.resources.id(kept))}
        comment={comment}
        onComment={setComment}
        dangerous
        applyText={texts.resources.merge}
        onClose={edit.reset}
      />
    </>
  )
}
