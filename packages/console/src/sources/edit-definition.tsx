/**
 * Edits the stored definition of a source: what it would change is shown before it is stored.
 *
 * @module
 */
import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { FindingLines } from '../design/finding-lines.tsx'
import { useDraft } from '../shell/use-draft.ts'
import { texts } from '../texts/texts.ts'

const { definition: words } = texts.sources

interface EditProps {
  readonly name: string
  readonly text: string
}

export function EditDefinition({ name, text }: EditProps): ReactNode {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {words.edit}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={words.editTitle(name)}
        size="xl"
        closeOnClickOutside={false}
      >
        {opened && <EditForm name={name} text={text} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  )
}

function readText(stored: unknown): string | undefined {
  return typeof stored === 'string' ? stored : undefined
}

function EditForm({ name, text, onClose }: EditProps & { readonly onClose: () => void }): ReactNode {
  const { draft = text, keep, drop } = useDraft(`definition ${name}`, readText)
  const [allowLoss, setAllowLoss] = useState(false)
  const client = useQueryClient()
  const apply = (dryRun: boolean) =>
    ask('POST /definitions', { body: { text: draft, file: name, dryRun, allowLoss } })
  const check = useMutation({ mutationFn: () => apply(true) })
  const store = useMutation({
    mutationFn: () => apply(false),
    onSuccess: () => {
      drop()
      notifications.show({ color: 'teal', message: words.isStored(name) })
      onClose()
    },
    onSettled: () => client.invalidateQueries(),
  })
  const error = store.error ?? check.error
  return (
    <Stack>
      <Textarea
        label={words.text}
        description={words.textHelp}
        value={draft}
        onChange={(event) => {
          keep(event.currentTarget.value)
          check.reset()
        }}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        spellCheck={false}
        rows={18}
        data-autofocus
      />
      {error !== null && <ErrorNotice error={error} />}
      {check.data !== undefined && <Applied applied={check.data} />}
      <Checkbox
        label={words.allowLoss}
        checked={allowLoss}
        onChange={(event) => setAllowLoss(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {words.check}
        </Button>
        <Button disabled={check.data === undefined} loading={store.isPending} onClick={() => store.mutate()}>
          {words.store}
        </Button>
      </Group>
    </Stack>
  )
}

function Applied({ applied }: { readonly applied: Reply<'POST /definitions'> }): ReactNode {
  const differences = applied.sources.flatMap((one) => one.differences)
  return (
    <Stack gap="xs" aria-live="polite">
      {differences.length === 0 && <Text size="sm">{words.unchanged}</Text>}
      <FindingLines title={words.differences} lines={differences} />
      <FindingLines title={words.tables} lines={applied.changes} />
      <FindingLines title={words.findings} lines={applied.findings} />
    </Stack>
  )
}
