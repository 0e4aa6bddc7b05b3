/**
 * Approves or rejects a held run, after saying what that means.
 *
 * @module
 */
import { Button, Group, List, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { RunReport } from '@sluice/model'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { ReasonField } from '../design/reason-field.tsx'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { summaryQuery } from './run-queries.ts'
import { whatHappens } from './what-happens.ts'

const { decide } = texts.runs

export type Verdict = 'approve' | 'reject'

interface DecideProps {
  readonly report: RunReport
  readonly verdict: Verdict | undefined
  readonly onClose: () => void
}

export function DecideDialog({ report, verdict, onClose }: DecideProps): ReactNode {
  const run = report.run ?? 0
  const title = verdict === 'reject' ? decide.rejectTitle(run) : decide.approveTitle(run)
  return (
    <Modal opened={verdict !== undefined} onClose={onClose} title={title} size="md">
      {verdict !== undefined && <DecideForm report={report} verdict={verdict} onClose={onClose} />}
    </Modal>
  )
}

function DecideForm({ report, verdict, onClose }: DecideProps & { readonly verdict: Verdict }): ReactNode {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useDecision(report, onClose)
  const { data } = useQuery(summaryQuery(report))
  const labels = useLabels()
  const approves = verdict === 'approve'
  const confirm = approves ? inOneLine(whatHappens(data?.types ?? [], labels)) : decide.reject
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        mutate({ verdict, reason })
      }}
    >
      <Stack>
        {approves ? <Happens report={report} /> : <Text size="sm">{decide.rejectHappens}</Text>}
        <ReasonField
          label={decide.reason}
          description={decide.reasonHelp}
          value={reason}
          onChange={setReason}
          focused
        />
        {error !== null && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button type="submit" color={approves ? 'brand' : 'red'} loading={isPending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** On the button: what it does, where that is short enough. */
function inOneLine(lines: readonly string[]): string {
  const line = lines.map((one, index) => (index === 0 ? one : lowered(one))).join(', ')
  return line === '' || line.length > 60 ? decide.approve : line
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function Happens({ report }: { readonly report: RunReport }): ReactNode {
  const { data, error } = useQuery(summaryQuery(report))
  const labels = useLabels()
  if (error !== null) return <ErrorNotice error={error} />
  if (data === undefined) return <Skeleton h={72} />
  const lines = whatHappens(data.types, labels)
  return (
    <Stack gap="xs">
      <Text size="sm">{lines.length === 0 ? decide.nothing : decide.willHappen}</Text>
      <List size="sm" fw={600}>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed">
        {decide.exact}
      </Text>
    </Stack>
  )
}

/** Afterwards the page follows the run, or the one in which it was computed again. */
function useDecision(report: RunReport, onClose: () => void) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const run = report.run ?? 0
  return useMutation({
    mutationFn: async ({ verdict, reason }: { readonly verdict: Verdict; readonly reason: string }) => {
      const given = reason.trim() === '' ? {} : { reason: reason.trim() }
      const params = { run }
      if (verdict === 'approve') return await ask('POST /runs/:run/approve', { params, query: given })
      return { report: await ask('POST /runs/:run/reject', { params, body: given }), moved: false }
    },
    onSuccess: ({ report: after, moved }, { verdict }) => {
      onClose()
      notifications.show({
        color: moved ? 'yellow' : 'teal',
        title: verdict === 'approve' ? decide.approved(run) : decide.rejected(run),
        message: moved ? decide.moved : undefined,
      })
      if (after.run !== null && after.run !== run) void navigate({ to: `/runs/${after.run}` })
    },
    onSettled: () => client.invalidateQueries(),
  })
}
