/**
 * Stores modules: what they change is shown before.
 *
 * @module
 */
import { Button, Checkbox, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { SourceModules } from '@sluice/model'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { ask } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { FindingLines } from '../design/finding-lines.tsx'
import { texts } from '../texts/texts.ts'
import type { ModulesDraft } from './use-modules-draft.ts'

const { store: words } = texts.mappings

const TextsCompared = lazy(async () => {
  const { TextsCompared: component } = await import('./editor/texts-compared.tsx')
  return { default: component }
})

interface StoreProps {
  readonly source: string
  readonly stored: SourceModules
  readonly draft: ModulesDraft
  readonly onStored: () => void
}

export function StoreModules(props: StoreProps): ReactNode {
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  return (
    <>
      <Button onClick={() => setOpened(true)}>{words.button}</Button>
      <Modal opened={opened} onClose={close} title={words.title(props.source)} size="min(70rem, 95vw)">
        {opened && <StoreForm {...props} onClose={close} />}
      </Modal>
    </>
  )
}

function StoreForm({
  source,
  stored,
  draft,
  onStored,
  onClose,
}: StoreProps & { readonly onClose: () => void }): ReactNode {
  const [allowLoss, setAllowLoss] = useState(false)
  const client = useQueryClient()
  const write = (dryRun: boolean) =>
    ask('PUT /sources/:source/modules', {
      params: { source },
      body: { modules: [...draft.modules], version: stored.version, dryRun, allowLoss },
    })
  const check = useQuery({
    queryKey: ['modules check', source, draft.modules, stored.version, allowLoss],
    queryFn: () => write(true),
    gcTime: 0,
    retry: false,
  })
  const store = useMutation({
    mutationFn: () => write(false),
    onSuccess: async () => {
      // First, so that the check is not made once more, of texts that are stored by now.
      onClose()
      onStored()
      notifications.show({ color: 'teal', message: words.isStored(source) })
      await client.invalidateQueries()
      draft.forget()
    },
  })
  const error = store.error ?? check.error
  return (
    <Stack>
      {draft.modules
        .filter(({ file }) => draft.changed.includes(file))
        .map(({ file, text }) => (
          <Stack key={file} gap={4}>
            <Text size="sm" fw={600}>
              {file}
            </Text>
            <Suspense fallback={<Skeleton h={160} />}>
              <TextsCompared
                label={file}
                before={stored.modules.find((one) => one.file === file)?.text ?? ''}
                after={text}
              />
            </Suspense>
          </Stack>
        ))}
      {error !== null && <ErrorNotice error={error} />}
      <FindingLines title={words.tables} lines={check.data?.changes ?? []} />
      <FindingLines title={words.findings} lines={check.data?.findings ?? []} />
      <Text size="sm" c="dimmed">
        {words.help}
      </Text>
      <Group justify="space-between">
        <Checkbox
          label={words.allowLoss}
          checked={allowLoss}
          onChange={(event) => setAllowLoss(event.currentTarget.checked)}
        />
        <Group>
          <Button variant="default" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button
            disabled={check.data === undefined}
            loading={store.isPending}
            onClick={() => store.mutate()}
          >
            {words.store}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}
