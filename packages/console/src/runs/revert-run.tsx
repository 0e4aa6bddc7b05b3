/**
 * Takes a run back: first what that would change and what is in the way, then the decision.
 *
 * @module
 */
import { Button, Checkbox, Group, List, Modal, Skeleton, Stack, Text } from '@mantine/core'
import type { RunReport } from '@sluice/model'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { ReasonField } from '../design/reason-field.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabelled, useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { effectsOf } from './what-happens.ts'

const { revert: words } = texts.runs

export function RevertRun({ report }: { readonly report: RunReport }): ReactNode {
  const { may } = useSession()
  const [opened, setOpened] = useState(false)
  const run = report.run ?? 0
  const isThere = report.state === 'applied' && typeof report.revertedBy !== 'number'
  if (!may('decide') || !isThere) return null
  return (
    <>
      <Button variant="default" leftSection={<IconArrowBackUp size={15} />} onClick={() => setOpened(true)}>
        {words.action}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={words.title(run)} size="lg">
        {opened && <RevertForm run={run} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  )
}

interface FormProps {
  readonly run: number
  readonly onClose: () => void
}

function RevertForm({ run, onClose }: FormProps): ReactNode {
  const [skipConflicts, setSkip] = useState(false)
  const [suspend, setSuspend] = useState(false)
  const [comment, setComment] = useState('')
  const plan = useQuery({
    queryKey: ['revert plan', run],
    queryFn: () => ask('POST /runs/:run/revert', { params: { run }, query: { dryRun: true } }),
    staleTime: 0,
    gcTime: 0,
  })
  const { mutate, isPending, error } = useRevert(run, onClose)
  const blocked = (plan.data?.conflicts.length ?? 0) > 0 && !skipConflicts
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        mutate({ skipConflicts, suspend, comment })
      }}
    >
      <Stack>
        {plan.isPending && <Planning />}
        {plan.error !== null && <ErrorNotice error={plan.error} retry={plan.refetch} />}
        {plan.data !== undefined && (
          <Planned plan={plan.data} skip={[skipConflicts, setSkip]} suspend={[suspend, setSuspend]} />
        )}
        <ReasonField label={words.comment} value={comment} onChange={setComment} />
        {error !== null && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button type="submit" color="red" loading={isPending} disabled={plan.data === undefined || blocked}>
            {words.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Planning(): ReactNode {
  return (
    <Stack gap="xs" aria-live="polite">
      <Text size="sm">{words.planning}</Text>
      <Skeleton h={64} />
    </Stack>
  )
}

type Plan = Reply<'POST /runs/:run/revert'>
type Switch = readonly [boolean, (on: boolean) => void]

interface PlannedProps {
  readonly plan: Plan
  readonly skip: Switch
  readonly suspend: Switch
}

function Planned({ plan, skip, suspend }: PlannedProps): ReactNode {
  const { report, conflicts } = plan
  const labels = useLabels()
  const lines = effectsOf(report, labels)
  const again = report.reverted?.comesAgain ?? []
  return (
    <Stack>
      <Text size="sm">{lines.length === 0 ? words.none : texts.runs.decide.willHappen}</Text>
      <List size="sm" fw={600}>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      {conflicts.length > 0 && <Conflicts conflicts={conflicts} skip={skip} />}
      {again.length > 0 && (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {words.again}
          </Text>
          <List size="sm">
            {again.map(({ source, at }) => (
              <List.Item key={`${source} ${at}`}>{words.againAt(source, words.at[at])}</List.Item>
            ))}
          </List>
          <Checkbox
            label={words.suspend}
            checked={suspend[0]}
            onChange={(event) => suspend[1](event.currentTarget.checked)}
          />
        </Stack>
      )}
    </Stack>
  )
}

type Conflict = Plan['conflicts'][number]

const columnsOf = (labels: ReadersLabels): readonly Column<Conflict>[] => [
  labelledColumn({ id: 'of', header: texts.runs.changes.type, text: ({ of }, as) => as.type(of) }, labels),
  { id: 'name', header: texts.runs.changes.key, value: ({ name }) => name },
  labelledColumn(
    {
      id: 'property',
      header: texts.runs.changes.property,
      text: ({ of, property }, as) => property && as.property(of, property),
    },
    labels,
  ),
  { id: 'reason', header: texts.runs.rejected.reason, value: ({ reason }) => words.reasons[reason] },
  { id: 'run', header: texts.runs.columns.run, value: ({ run }) => run },
]

function Conflicts({
  conflicts,
  skip: [skipped, setSkip],
}: {
  readonly conflicts: readonly Conflict[]
  readonly skip: Switch
}): ReactNode {
  const columns = useLabelled(columnsOf)
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {words.conflicts(wholeNumber(conflicts.length))}
      </Text>
      <Text size="sm">{words.conflictsHelp}</Text>
      <DataTable
        label="conflicts"
        rows={conflicts}
        columns={columns}
        rowKey={({ of, resourceId, name, property }) => `${of} ${resourceId ?? name} ${property}`}
        maxHeight={220}
        empty={null}
      />
      <Checkbox
        label={words.skip}
        checked={skipped}
        onChange={(event) => setSkip(event.currentTarget.checked)}
      />
    </Stack>
  )
}

interface Asked {
  readonly skipConflicts: boolean
  readonly suspend: boolean
  readonly comment: string
}

function useRevert(run: number, onClose: () => void) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: ({ skipConflicts, suspend, comment }: Asked) =>
      ask('POST /runs/:run/revert', {
        params: { run },
        query: {
          ...(skipConflicts ? { skipConflicts } : {}),
          ...(suspend ? { suspend } : {}),
          ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
        },
      }),
    onSuccess: ({ report }) => {
      onClose()
      void navigate({ to: `/runs/${report.run}` })
    },
    onSettled: () => client.invalidateQueries(),
  })
}
