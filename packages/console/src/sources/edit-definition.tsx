/**
 * Edits the stored definition of a source: what it would change is shown before it is stored.
 *
 * @module
 */
import { Button, Checkbox, Code, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
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

/** In the tab, so that nothing is lost by a reload or a session that ends. */
function useDraft(name: string, text: string) {
  const place = `sluice draft ${name}`
  const [draft, setDraft] = useState(() => sessionStorage.getItem(place) ?? text)
  return {
    draft,
    write: (now: string) => {
      sessionStorage.setItem(place, now)
      setDraft(now)
    },
    forget: () => sessionStorage.removeItem(place),
  }
}

function EditForm({ name, text, onClose }: EditProps & { readonly onClose: () => void }): ReactNode {
  const { draft, write, forget } = useDraft(name, text)
  const [allowLoss, setAllowLoss] = useState(false)
  const client = useQueryClient()
  const apply = (dryRun: boolean) =>
    ask('POST /definitions', { body: { text: draft, file: name, dryRun, allowLoss } })
  const check = useMutation({ mutationFn: () => apply(true) })
  const store = useMutation({
    mutationFn: () => apply(false),
    onSuccess: () => {
      forget()
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
          write(event.currentTarget.value)
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
      <Lines title={words.differences} lines={differences} />
      <Lines title={words.tables} lines={applied.changes} />
      <Lines title={words.findings} lines={applied.findings} />
    </Stack>
  )
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): ReactNode {
  if (lines.length === 0) return null
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm">
        {lines.map((line) => (
          <List.Item key={line}>
            <Code>{line}</Code>
          </List.Item>
        ))}
      </List>
    </div>
  )
}
