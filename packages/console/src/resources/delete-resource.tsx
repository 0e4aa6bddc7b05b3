/** Deletes a resource, where its sources let people do that; what would go is shown first. @module */
import { Button, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { EditReview } from './edit-review.tsx'
import { deleteLock, type FactsOf } from './source-facts.ts'
import { useEdit } from './use-edit.ts'
import { askVersioned, type Explanation } from './use-resource.ts'

interface DeleteResourceProps {
  readonly explanation: Explanation
  readonly factsOf: FactsOf
}

export function DeleteResource({ explanation, factsOf }: DeleteResourceProps): ReactNode {
  const { entityType, resourceId, display, replicas } = explanation
  const navigate = useNavigate()
  const { may } = useSession()
  const [comment, setComment] = useState('')
  const [version, setVersion] = useState('')
  const edit = useEdit(
    async (dryRun) => {
      const read = dryRun ? (await askVersioned(entityType, resourceId)).version : version
      setVersion(read)
      return await ask('DELETE /resources/:entityType/:key', {
        params: { entityType, key: resourceId },
        query: { dryRun, ...(comment === '' ? {} : { comment }) },
        headers: { 'if-match': `"${read}"` },
      })
    },
    ({ report }) => {
      if (report.state === 'applied') void navigate({ to: typeAddress(entityType) })
    },
  )
  const lock = deleteLock(replicas, factsOf, may('administer'))
  const reason =
    lock &&
    texts.resources.mayNotDelete(
      lock.source,
      lock.policy === 'nobody' ? texts.resources.nobodyHere : texts.resources.administrators,
    )
  return (
    <>
      <Tooltip label={reason} disabled={reason === undefined}>
        <Button
          variant="default"
          leftSection={<IconTrash size={14} />}
          data-disabled={reason !== undefined || undefined}
          aria-disabled={reason !== undefined}
          loading={edit.busy}
          onClick={() => reason === undefined && void edit.plan()}
        >
          {texts.resources.remove}
        </Button>
      </Tooltip>
      <EditReview
        edit={edit}
        title={texts.resources.deleteTitle(display ?? texts.resources.id(resourceId))}
        comment={comment}
        onComment={setComment}
        dangerous
        applyText={texts.resources.remove}
        onClose={edit.reset}
      />
    </>
  )
}
