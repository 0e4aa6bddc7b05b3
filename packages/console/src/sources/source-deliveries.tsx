/**
 * What an agent has delivered of a source, and what became of it.
 *
 * @module
 */
import { Anchor, Checkbox, Code, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Copy } from '../design/copy.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment, wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { SavePages } from '../design/save-pages.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { texts } from '../texts/texts.ts'
import { DeliveryDialog } from './delivery-dialog.tsx'
import type { SearchProps, SourceProps } from './source-page.tsx'
import { type DeliveryRecord, type ListedDelivery, useDeliveries } from './use-deliveries.ts'

const { deliveries: words } = texts.sources

function sizeOf({ files }: DeliveryRecord): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

const columns: readonly Column<ListedDelivery>[] = [
  {
    id: 'delivery',
    header: words.delivery,
    value: ({ delivery }) => delivery,
    cell: ({ delivery }) => (
      <Group gap={4} wrap="nowrap">
        <Code>{delivery.slice(0, 8)}</Code>
        <Copy value={delivery} />
      </Group>
    ),
  },
  {
    id: 'state',
    header: words.state,
    value: ({ state }) => state,
    cell: ({ state }) => <StateBadge state={state} />,
  },
  { id: 'mode', header: words.mode, value: ({ mode }) => mode, wide: true },
  {
    id: 'run',
    header: words.run,
    value: ({ run }) => run,
    cell: ({ run }) =>
      run === null ? (
        '–'
      ) : (
        <Anchor component={Link} to={`/runs/${run}`} inherit onClick={(event) => event.stopPropagation()}>
          {run}
        </Anchor>
      ),
  },
  { id: 'by', header: words.by, value: ({ by }) => by.name, wide: true },
  {
    id: 'why',
    header: words.why,
    value: ({ reason }) => reason,
    cell: ({ reason }) => (reason === null ? '' : <span title={reason}>{reason}</span>),
    wide: true,
  },
  {
    id: 'size',
    header: words.size,
    value: sizeOf,
    cell: (one) => `${wholeNumber(Math.ceil(sizeOf(one) / 1024))} KB`,
    align: 'right',
    wide: true,
  },
  {
    id: 'announced',
    header: words.announced,
    value: ({ announcedAt }) => announcedAt,
    cell: ({ announcedAt }) => <Moment at={announcedAt} />,
    align: 'right',
  },
]

export function SourceDeliveries({ name, health, search, onSearch }: SourceProps & SearchProps): ReactNode {
  const { rows, error, refetch, more, isWhole, readPage } = useDeliveries(name, search.open === true)
  const [looked, setLooked] = useState<string>()
  const isOpenTable = health?.kind === 'open'
  return (
    <Section flush>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <DataTable
        label={`${name}-deliveries`}
        rows={rows}
        columns={columns}
        rowKey={({ delivery }) => delivery}
        onOpen={({ delivery }) => setLooked(delivery)}
        onEnd={more}
        unsorted={!isWhole}
        saving={<SavePages name={`${name}-deliveries`} columns={columns} readPage={readPage} />}
        tools={
          <Checkbox
            size="xs"
            label={words.onlyOpen}
            checked={search.open === true}
            onChange={(event) => onSearch({ ...search, open: event.currentTarget.checked || undefined })}
          />
        }
        empty={<EmptyState title={words.none}>{isOpenTable ? words.open : words.noneHelp}</EmptyState>}
      />
      <DeliveryDialog
        record={rows?.find(({ delivery }) => delivery === looked)}
        onClose={() => setLooked(undefined)}
      />
    </Section>
  )
}
