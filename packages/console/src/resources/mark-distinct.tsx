/** Says that resources are not one, whatever they have in common; it can be taken back at once. @module */

import { Anchor, Button, Popover, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { Duplicates } from '@sluice/model'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { texts } from '../texts/texts.ts'
import { useForgetResources } from './use-resource.ts'

export function MarkDistinct({ group }: { readonly group: Duplicates }): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const forget = useForgetResources()
  const body = {
    type: group.entityType,
    resources: group.resources.map(({ resourceId }) => ({ id: resourceId })),
  }
  const takeBack = async () => {
    await ask('DELETE /distinct', { body })
    notifications.show({ message: texts.resources.takenBack })
    await forget()
  }
  const mark = useMutation({
    mutationFn: () => ask('POST /distinct', { body: { ...body, ...(reason === '' ? {} : { reason }) } }),
    async onSuccess({ pairs }) {
      close()
      notifications.show({
        color: 'teal',
        autoClose: 10_000,
        message: (
          <>
            {texts.resources.markedDistinct(wholeNumber(pairs))}{' '}
            <Anchor component="button" type="button" size="sm" onClick={() => void takeBack()}>
              {texts.resources.undoDistinct}
            </Anchor>
          </>
        ),
      })
      await forget()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    mark.mutate()
  }
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <Button variant="default" onClick={toggle}>
          {texts.resources.distinct}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack component="form" gap="xs" onSubmit={submit}>
          <Text size="sm" c="dimmed">
            {texts.resources.distinctHelp}
          </Text>
          <TextInput
            label={texts.resources.distinctReason}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          {mark.error !== null && <ErrorNotice error={mark.error} />}
          <Button type="submit" loading={mark.isPending}>
            {texts.resources.distinct}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
