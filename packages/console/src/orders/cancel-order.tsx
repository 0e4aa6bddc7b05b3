/** Takes an order back. @module */
import { ActionIcon, Button, Group, Modal, Stack, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { texts } from '../texts/texts.ts'

export function CancelOrder({ order }: { readonly order: string }): ReactNode {
  const [opened, { open, close }] = useDisclosure(false)
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => ask('POST /orders/:order/cancel', { params: { order } }),
    async onSuccess() {
      notifications.show({ message: texts.orders.cancelled(order) })
      close()
      await client.invalidateQueries({ queryKey: ['orders'] })
    },
  })
  const label = texts.orders.cancelOrder(order)
  return (
    <>
      <Tooltip label={label}>
        <ActionIcon size="sm" aria-label={label} onClick={open}>
          <IconX size={14} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={close} title={texts.orders.cancelTitle}>
        <Stack>
          <Text size="sm">{texts.orders.cancelHelp}</Text>
          {cancel.error !== null && <ErrorNotice error={cancel.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {texts.orders.keep}
            </Button>
            <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {texts.orders.cancel}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
