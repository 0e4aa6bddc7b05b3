/**
 * Runs a source on the rows that stand in its open tables: first what that would change, then the run.
 *
 * @module
 */
import { Button, Group, List, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { useLabels } from '../model/use-labels.ts'
import { effectsOf } from '../runs/what-happens.ts'
import { texts } from '../texts/texts.ts'

const { actions: words } = texts.sources

export function SynchronizeTable({ name }: { readonly name: string }): ReactNode {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={14} />} onClick={() => setOpened(true)}>
        {words.synchronize}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={words.synchronizeTitle(name)}>
        {opened && <Plan name={name} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  )
}

interface PlanProps {
  readonly name: string
  readonly onClose: () => void
}

function Plan({ name, onClose }: PlanProps): ReactNode {
  const params = { source: name }
  const labels = useLabels()
  const client = useQueryClient()
  const navigate = useNavigate()
  const plan = useQuery({
    queryKey: ['plan', name],
    queryFn: () => ask('POST /sources/:source/synchronize', { params, body: { dryRun: true } }),
    staleTime: 0,
    gcTime: 0,
  })
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => ask('POST /sources/:source/synchronize', { params, body: {} }),
    onSuccess: ({ report }) => {
      onClose()
      if (report !== null) void navigate({ to: `/runs/${report.run}` })
    },
    onSettled: () => client.invalidateQueries(),
  })
  const report = plan.data?.report ?? undefined
  const lines = report === undefined ? [] : effectsOf(report, labels)
  return (
    <Stack>
      <Text size="sm">{plan.isPending ? words.planning : words.planHelp}</Text>
      {plan.isPending && <Skeleton h={56} />}
      {plan.error !== null && <ErrorNotice error={plan.error} retry={plan.refetch} />}
      {report !== undefined && lines.length === 0 && <Text size="sm">{words.nothing}</Text>}
      <List size="sm" fw={600}>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      {report !== undefined && report.exceeded.length > 0 && <Text size="sm">{words.wouldHold}</Text>}
      {error !== null && <ErrorNotice error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button loading={isPending} disabled={plan.data === undefined} onClick={() => mutate()}>
          {words.run}
        </Button>
      </Group>
    </Stack>
  )
}
