/**
 * What became of a resource: who changed what, when and by which run.
 *
 * @module
 */
import { Anchor, Group, Stack, Text, Timeline } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { EmptyState } from '../design/empty-state.tsx'
import { Moment } from '../design/moment.tsx'
import { texts } from '../texts/texts.ts'
import { ChangedValues } from './changed-values.tsx'
import { valueChanges, whoDid } from './history-entries.ts'
import type { Explanation, HistoryEntry } from './use-resource.ts'

const icons = { insert: IconPlus, update: IconPencil, delete: IconTrash } as const
const colors = { insert: 'teal', update: 'brand', delete: 'red' } as const

export function History({ entityType, history, prunedThrough }: Explanation): ReactNode {
  if (history.length === 0)
    return <EmptyState title={texts.resources.noHistory}>{texts.resources.noHistoryHelp}</EmptyState>
  return (
    <Stack>
      <Timeline
        bulletSize={24}
        lineWidth={2}
        active={history.length}
        aria-label={texts.resources.tabs.history}
      >
        {history.map((entry) => {
          const Icon = icons[entry.operation]
          return (
            <Timeline.Item
              key={`${entry.run} ${entry.resourceId} ${entry.operation}`}
              bullet={<Icon size={13} aria-hidden />}
              color={colors[entry.operation]}
              title={<Heading entry={entry} />}
            >
              <Entry entry={entry} type={entityType} />
            </Timeline.Item>
          )
        })}
      </Timeline>
      {prunedThrough !== undefined && (
        <Text size="sm" c="dimmed">
          {texts.resources.prunedThrough(prunedThrough)}
        </Text>
      )}
    </Stack>
  )
}

function Heading({ entry }: { readonly entry: HistoryEntry }): ReactNode {
  const { operation, run, at } = entry
  return (
    <Group gap={8} fz="sm" fw={400}>
      <Text span size="sm" fw={600}>
        {whoDid(entry)}
      </Text>
      {texts.resources.operations[operation]}
      <Text span size="sm" c="dimmed">
        {at === null ? texts.resources.runIsGone : <Moment at={at} />}
      </Text>
      <Anchor component={Link} to={`/runs/${run}`} size="sm">
        {texts.resources.run(run)}
      </Anchor>
    </Group>
  )
}

interface EntryProps {
  readonly entry: HistoryEntry
  readonly type: string
}

function Entry({ entry, type }: EntryProps): ReactNode {
  const { comment, approvedBy, source, by } = entry
  const doers = [
    source !== null && by !== null ? [by.name] : [],
    approvedBy === null ? [] : [texts.resources.approvedBy(approvedBy)],
  ].flat()
  return (
    <Stack gap={4}>
      {doers.length > 0 && (
        <Text size="xs" c="dimmed">
          {doers.join(' · ')}
        </Text>
      )}
      {comment !== null && comment !== '' && (
        <Text size="sm" fs="italic">
          “{comment}”
        </Text>
      )}
      <ChangedValues of={type} changes={valueChanges(entry)} />
    </Stack>
  )
}
