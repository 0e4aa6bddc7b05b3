/** Beneath attributes that are edited: review, discard, and what somebody else has changed meanwhile. @module */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../design/error-notice.tsx'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { EditReview } from './edit-review.tsx'
import { changesAfter } from './history-entries.ts'
import type { Editor } from './use-editor.ts'
import { type Explanation, useExplanation } from './use-resource.ts'

interface EditBarProps {
  readonly editor: Editor
  readonly explanation: Explanation
}

export function EditBar({ editor, explanation }: EditBarProps): ReactNode {
  const { draft, restored, edit, failed, changes } = editor
  if (failed !== undefined && draft === undefined) return <ErrorNotice error={failed} />
  if (draft === undefined) return null
  return (
    <Stack gap="xs" p="md">
      {restored && (
        <Text size="sm" c="dimmed" role="status">
          {texts.resources.draft}
        </Text>
      )}
      {edit.conflict && <Conflict editor={editor} explanation={explanation} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={editor.discard}>
          {texts.resources.discard}
        </Button>
        <Button
          loading={edit.busy}
          disabled={changes === 0 || edit.conflict}
          onClick={() => void edit.plan()}
        >
          {texts.resources.review}
        </Button>
      </Group>
      {!edit.conflict && (
        <EditReview
          edit={edit}
          title={texts.resources.reviewTitle}
          comment={draft.comment}
          onComment={editor.comment}
          applyText={texts.resources.applyChange}
          onClose={edit.reset}
        />
      )}
    </Stack>
  )
}

function Conflict({ editor, explanation: { entityType, resourceId } }: EditBarProps): ReactNode {
  const labels = useLabels()
  const { data, refetch } = useExplanation(entityType, resourceId, { fresh: true })
  const changed = changesAfter(data?.history ?? [], editor.draft?.run ?? 0)
  const rebase = async () => {
    await refetch()
    await editor.rebase()
  }
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle size={18} />}
      title={texts.resources.conflict}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        {changed.length === 0 ? (
          texts.resources.conflictUnknown
        ) : (
          <List size="sm">
            {changed.map(({ property, who, run }) => (
              <List.Item key={property}>
                {texts.resources.conflictBy(labels.property(entityType, property), who, run)}
              </List.Item>
            ))}
          </List>
        )}
        <Button variant="default" onClick={() => void rebase()}>
          {texts.resources.keepMine}
        </Button>
      </Stack>
    </Alert>
  )
}
