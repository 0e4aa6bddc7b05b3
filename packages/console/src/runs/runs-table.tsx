/**
 * Runs as a table.
 *
 * @module
 */
import { Button, Center, Text } from '@mantine/core'
import type { RunReport } from '@sluice/model'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Amount, durationText, Moment } from '../design/moment.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { texts } from '../texts/texts.ts'
import { factsOf, type RunFacts } from './run-facts.ts'

const { columns } = texts.runs

type Row = RunReport & { readonly facts: RunFacts }

const amount = (
  id: 'read' | 'inserted' | 'updated' | 'deleted' | 'rejected',
  wide: boolean,
): Column<Row> => ({
  id,
  header: columns[id],
  value: ({ facts }) => facts[id],
  cell: ({ facts }) =>
    facts[id] === 0 ? (
      <Text span inherit c="dimmed">
        0
      </Text>
    ) : (
      <Amount value={facts[id]} />
    ),
  align: 'right',
  wide,
})

const shown: readonly Column<Row>[] = [
  { id: 'run', header: columns.run, value: ({ run }) => run, width: 64 },
  {
    id: 'state',
    header: columns.state,
    value: ({ state }) => state,
    cell: ({ state }) => <StateBadge state={state} />,
    width: 110,
  },
  { id: 'source', header: columns.source, value: ({ source }) => source },
  { id: 'cause', header: columns.cause, value: ({ cause }) => texts.runs.causes[cause], wide: true },
  { id: 'by', header: columns.by, value: ({ by }) => by.name, wide: true },
  amount('read', true),
  amount('inserted', false),
  amount('updated', false),
  amount('deleted', false),
  amount('rejected', true),
  {
    id: 'duration',
    header: columns.duration,
    value: ({ facts }) => facts.duration,
    cell: ({ facts: { duration } }) => (duration === undefined ? '…' : durationText(duration)),
    align: 'right',
    wide: true,
  },
  {
    id: 'started',
    header: columns.started,
    value: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <Moment at={startedAt} />,
    align: 'right',
  },
]

interface RunsTableProps {
  readonly runs: readonly RunReport[] | undefined
  readonly tools?: ReactNode
  readonly filtered: boolean
  readonly older?: { readonly busy: boolean; readonly load: () => void } | undefined
}

export function RunsTable({ runs, tools, filtered, older }: RunsTableProps): ReactNode {
  const navigate = useNavigate()
  const rows = useMemo(() => runs?.map((one) => ({ ...one, facts: factsOf(one) })), [runs])
  return (
    <>
      <DataTable
        label="runs"
        rows={rows}
        columns={shown}
        rowKey={({ run }) => String(run)}
        onOpen={({ run }) => void navigate({ to: `/runs/${run}` })}
        tools={tools}
        empty={
          filtered ? (
            <EmptyState title={texts.runs.noneFiltered} />
          ) : (
            <EmptyState title={texts.runs.none}>{texts.runs.noneHelp}</EmptyState>
          )
        }
      />
      {older !== undefined && (
        <Center p="xs">
          <Button variant="default" onClick={older.load} loading={older.busy}>
            {texts.runs.older}
          </Button>
        </Center>
      )}
    </>
  )
}
