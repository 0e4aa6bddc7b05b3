/**
 * The frame of every page: where one is, what it is called, what can be done.
 *
 * @module
 */
import { Anchor, Breadcrumbs, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface PageProps {
  readonly title: string
  /** Of the pages above: text and address. */
  readonly above?: readonly (readonly [text: string, to: string])[]
  /** Beside the title: its state. */
  readonly badge?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, above = [], badge, description, actions, children }: PageProps): ReactNode {
  useDocumentTitle(`${title} · Sluice`)
  return (
    <Stack gap="md" pb="xl">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} miw={0}>
          {above.length > 0 && (
            <Breadcrumbs separatorMargin={6} fz="sm">
              {above.map(([text, to]) => (
                <Anchor key={to} component={Link} to={to} size="sm" c="dimmed">
                  {text}
                </Anchor>
              ))}
            </Breadcrumbs>
          )}
          <Group gap="sm">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {badge}
          </Group>
          {description !== undefined && (
            <Text component="div" size="sm" c="dimmed">
              {description}
            </Text>
          )}
        </Stack>
        {actions !== undefined && (
          <Group gap="xs" className="no-print">
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  )
}

interface SectionProps {
  readonly title?: string
  readonly aside?: ReactNode
  readonly children: ReactNode
  /** Without space around: of tables. */
  readonly flush?: boolean
}

export function Section({ title, aside, children, flush = false }: SectionProps): ReactNode {
  return (
    <Paper component="section" aria-label={title} style={{ overflow: 'hidden' }}>
      {(title !== undefined || aside !== undefined) && (
        <Group
          justify="space-between"
          px="md"
          py="xs"
          mih={44}
          style={{ borderBottom: '1px solid var(--sluice-line)' }}
        >
          {title !== undefined && <Title order={2}>{title}</Title>}
          {aside}
        </Group>
      )}
      {flush ? children : <Stack p="md">{children}</Stack>}
    </Paper>
  )
}

/** As large as what comes, so that nothing jumps. */
export function PageSkeleton(): ReactNode {
  return (
    <Stack aria-busy="true" aria-label="Loading" p="md">
      <Skeleton h={28} w={240} />
      <Skeleton h={140} />
      <Skeleton h={320} />
    </Stack>
  )
}
