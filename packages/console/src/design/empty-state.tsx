/**
 * Where there is nothing: why, and what to do.
 *
 * @module
 */
import { Center, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { WithCode } from './with-code.tsx'

interface EmptyStateProps {
  readonly title: string
  readonly children?: ReactNode
  readonly icon?: ReactNode
}

export function EmptyState({ title, children, icon }: EmptyStateProps): ReactNode {
  return (
    <Center py="xl" px="md">
      <Stack align="center" gap="xs" maw={480} ta="center">
        <ThemeIcon variant="light" color="gray" size={40} radius="xl">
          {icon ?? <IconInbox size={22} />}
        </ThemeIcon>
        <Text fw={600}>{title}</Text>
        {children !== undefined && (
          <Text component="div" size="sm" c="dimmed">
            {typeof children === 'string' ? <WithCode>{children}</WithCode> : children}
          </Text>
        )}
      </Stack>
    </Center>
  )
}
