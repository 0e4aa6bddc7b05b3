/**
 * A form over the page: its fields, what was wrong with them, and two buttons.
 *
 * @module
 */
import { Button, Group, Modal, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import { SignInError } from './sign-in-error.tsx'

interface DialogProps {
  readonly title: string
  readonly action: string
  readonly isDangerous?: boolean
  readonly isBusy: boolean
  readonly error: Error | null
  readonly onSubmit: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

export function Dialog(props: DialogProps): ReactNode {
  const { title, action, isDangerous = false, isBusy, error, onSubmit, onClose, children } = props
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <Modal opened onClose={onClose} title={title} centered size="sm">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {children}
          <SignInError error={error ?? undefined} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={isBusy} {...(isDangerous ? { color: 'red' } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
