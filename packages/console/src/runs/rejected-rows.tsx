/**
 * Rows that a run has left out, with the reason and the place where each stands.
 *
 * @module
 */
import { Button, Code, Text, Tooltip } from '@mantine/core'
import type { RejectedRow, RunReport } from '@sluice/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask, askLines } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'

const { rejected } = texts.runs
/** So many a page shows. */
const most = 10_000

type Row = RejectedRow & { readonly index: number }

const columns: readonly Column<Row>[] = [
  { id: 'mapping', header: rejected.mapping, value: ({ mapping }) => mapping },
  {
    id: 'place',
    header: rejected.place,
    value: ({ file, line }) => (line === null ? file : `${file}:${line}`),
    cell: ({ file, line }) => <Code>{line === null ? file : `${file}:${line}`}</Code>,
  },
  { id: 'key', header: rejected.key, value: ({ key }) => key },
  { id: 'column', header: rejected.column, value: ({ column }) => column, wide: true },
  {
    id: 'value',
    header: rejected.value,
    value: ({ value }) => value,
    cell: ({ value }) => (value === null ? '–' : <span title={value}>{value}</span>),
    wide: true,
  },
  {
    id: 'reason',
    header: rejected.reason,
    value: ({ reason }) => reason,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
  },
]

export function RejectedRows({ report }: { readonly report: RunReport }): ReactNode {
  const run = report.run ?? 0
  const { data, error, refetch } = useQuery({
    queryKey: ['rejected rows', run, report.state],
    queryFn: () => askLines('GET /runs/:run/rejected-rows', { params: { run }, query: { limit: most } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const rows = data?.map((row, index) => ({ ...row, index }))
  return (
    <Section flush>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <DataTable
        label={`run-${run}-rejected`}
        rows={rows}
        columns={columns}
        rowKey={({ index }) => String(index)}
        tools={rows !== undefined && rows.length > 0 && <Retry report={report} />}
        empty={<EmptyState title={rejected.none}>{rejected.noneHelp}</EmptyState>}
      />
      {rows?.length === most && (
        <Text size="xs" c="dimmed" p="xs">
          {rejected.most(wholeNumber(most))}
        </Text>
      )}
    </Section>
  )
}

function Retry({ report }: { readonly report: RunReport }): ReactNode {
  const { may } = useSession()
  const navigate = useNavigate()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => ask('POST /runs/:run/retry', { params: { run: report.run ?? 0 } }),
    onSuccess: ({ report: again }) => void navigate({ to: `/runs/${again.run}` }),
  })
  if (!may('decide') || report.state !== 'applied' || report.source === null) return null
  return (
    <>
      <Tooltip label={rejected.retryHelp}>
        <Button variant="default" loading={isPending} onClick={() => mutate()}>
          {rejected.retry}
        </Button>
      </Tooltip>
      {error !== null && (
        <Text size="sm" c="red" role="alert">
          {error.message}
        </Text>
      )}
    </>
  )
}
