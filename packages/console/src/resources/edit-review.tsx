/** What would change, before it is applied. @module */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../design/error-notice.tsx'
import { texts } from '../texts/texts.ts'
import { PlannedChanges } from './planned-changes.tsx'
import type { EditInSteps } from './use-edit.ts'

interface EditReviewProps {
  readonly edit: EditInSteps
  readonly title: string
  readonly comment: string
  readonly onComment: (comment: string) => void
  /** Of what cannot be taken back by typing. */
  readonly dangerous?: boolean
  readonly applyText: string
  readonly onClose: () => void
}

export function EditReview(props: EditReviewProps): ReactNode {
  const { edit, title, comment, onComment, dangerous = false, applyText, onClose } = props
  const { planned, error } = edit
  return (
    <Modal opened={planned !== undefined || error !== undefined} onClose={onClose} title={title} size="lg">
      <Stack>
        {error !== undefined && <ErrorNotice error={error} />}
        {planned !== undefined && (
          <>
            <PlannedChanges changes={planned.changes} />
            {planned.changes.length > 0 && (
              <TextInput
                label={texts.resources.comment}
                description={texts.resources.commentHint}
                value={comment}
                onChange={(event) => onComment(event.currentTarget.value)}
                data-autofocus
              />
            )}
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.resources.back}
          </Button>
          {planned !== undefined && planned.changes.length > 0 && (
            <Button
              color={dangerous ? 'red' : undefined}
              loading={edit.busy}
              onClick={() => void edit.apply()}
            >
              {applyText}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
