/**
 * The resources of which a value goes back and forth, and who writes it in turn.
 *
 * @module
 */
import { Anchor, Drawer, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { type ReadPage, useListed } from '../api/use-listed.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment } from '../design/moment.tsx'
import { SavePages } from '../design/save-pages.tsx'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'

type Flapping = Reply<'GET /quality/:entityType/flapping'>['resources'][number]

const words = texts.health.flapping

interface FlappingListProps {
  readonly type: string
  readonly property: string
  readonly onClose: () => void
}

export function FlappingList({ type, property, onClose }: FlappingListProps): ReactNode {
  const readPage: ReadPage<Flapping> = async ({ limit, cursor, signal }) => {
    const query = { property, limit, cursor }
    return (await ask('GET /quality/:entityType/flapping', { params: { entityType: type }, query, signal }))
      .resources
  }
  const { rows, error, refetch, more, isWhole } = useListed({
    queryKey: ['flapping', type, property],
    prefix: ['flapping', type, property],
    readPage,
  })
  const labels = useLabels()
  const columns = useMemo(() => columnsOf(type, property, labels), [type, property, labels])
  return (
    <Drawer
      opened
      onClose={onClose}
      title={words.title(labels.property(type, property))}
      position="right"
      size="xl"
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {texts.health.flappingHelp}
        </Text>
        {error !== null && <ErrorNotice error={error} retry={refetch} />}
        <DataTable
          rows={error === null ? rows : []}
          columns={columns}
          rowKey={({ resourceId }) => resourceId}
          label={words.title(property)}
          empty={<EmptyState title={words.none} />}
          onEnd={more}
          unsorted={!isWhole}
          saving={<SavePages name={`${type}-${property}`} columns={columns} readPage={readPage} />}
        />
      </Stack>
    </Drawer>
  )
}

function writtenText({ written }: Flapping): string {
  return written.map(({ value, source, by }) => `${value ?? '–'} (${source ?? by?.name ?? '–'})`).join(' ← ')
}

function columnsOf(type: string, property: string, labels: ReadersLabels): readonly Column<Flapping>[] {
  const labelOf = (value: string) => labels.value(type, property, value)
  return [
    {
      id: 'resource',
      header: words.resource,
      value: ({ display }) => display,
      cell: ({ resourceId, display }) => (
        <Anchor component={Link} to={resourceAddress(type, resourceId)} inherit>
          {display}
        </Anchor>
      ),
    },
    { id: 'changes', header: words.changes, value: ({ changes }) => changes, align: 'right' },
    {
      id: 'written',
      header: words.written,
      value: writtenText,
      cell: (row) => <Written {...row} labelOf={labelOf} />,
    },
  ]
}

interface WrittenProps extends Pick<Flapping, 'written'> {
  readonly labelOf: (value: string) => string
}

function Written({ written, labelOf }: WrittenProps): ReactNode {
  return (
    <Stack gap={0} py={4}>
      {written.map(({ run, at, value, source, by }) => (
        <Group key={run} gap={6} wrap="nowrap">
          <Text span size="sm" fw={500}>
            {value === null ? '–' : labelOf(value)}
          </Text>
          <Text span size="xs" c="dimmed">
            {source ?? by?.name}
          </Text>
          <Anchor component={Link} to={`/runs/${run}`} size="xs">
            {texts.resources.sinceRun(run)}
          </Anchor>
          <Moment at={at} />
        </Group>
      ))}
    </Stack>
  )
}
