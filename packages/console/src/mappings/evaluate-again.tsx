/**
 * After modules were stored: what they would change in the repository, and the run that does so.
 *
 * @module
 */
import { Alert, Button, Group, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { texts } from '../texts/texts.ts'
import { sumOfChanges } from './sum-of-changes.ts'

const { evaluate: words } = texts.mappings

interface EvaluateAgainProps {
  readonly source: string
  readonly onDone: () => void
}

export function EvaluateAgain({ source, onDone }: EvaluateAgainProps): ReactNode {
  const client = useQueryClient()
  const navigate = useNavigate()
  const evaluate = (dryRun: boolean) =>
    ask('POST /sources/:source/roots/evaluate', {
      params: { source },
      body: { wanted: { all: true }, dryRun },
    })
  const look = useMutation({ mutationFn: () => evaluate(true) })
  const run = useMutation({
    mutationFn: () => evaluate(false),
    onSuccess: async ({ report }) => {
      onDone()
      await client.invalidateQueries()
      if (report?.run != null) void navigate({ to: `/runs/${report.run}` })
    },
  })
  const error = run.error ?? look.error
  return (
    <Alert
      color="brand"
      title={words.title}
      withCloseButton
      onClose={onDone}
      closeButtonLabel={texts.common.close}
    >
      <Text size="sm">{words.help}</Text>
      {look.data !== undefined && (
        <Text size="sm" fw={600} mt="xs" aria-live="polite">
          {sentenceOf(look.data.report)}
        </Text>
      )}
      {error !== null && <ErrorNotice error={error} />}
      <Group mt="xs">
        <Button variant="default" loading={look.isPending} onClick={() => look.mutate()}>
          {words.look}
        </Button>
        <Button loading={run.isPending} onClick={() => run.mutate()}>
          {words.now}
        </Button>
      </Group>
    </Alert>
  )
}

function sentenceOf(report: Parameters<typeof sumOfChanges>[0] | null): string {
  const { inserted, updated, deleted } = report === null ? nothing : sumOfChanges(report)
  return inserted + updated + deleted === 0 ? words.wouldNothing : words.would(inserted, updated, deleted)
}

const nothing = { inserted: 0, updated: 0, deleted: 0 }
