/**
 * Rows that a run has left out, with the reason and the place where each stands.
 *
 * @module
 */
import { Button, Text, Tooltip } from '@mantine/core'
import type { RunReport } from '@sluice/model'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { RejectedList } from './rejected-list.tsx'

const { rejected } = texts.runs

export function RejectedRows({ report }: { readonly report: RunReport }): ReactNode {
  const run = report.run ?? 0
  return (
    <Section flush>
      <RejectedList
        run={run}
        state={report.state}
        name={`run-${run}-rejected`}
        tools={<Retry report={report} />}
        empty={<EmptyState title={rejected.none}>{rejected.noneHelp}</EmptyState>}
      />
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
