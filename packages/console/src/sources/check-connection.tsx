/**
 * Has the agent of a source connect to its managed system, and shows what it says: now, and before.
 *
 * @module
 */
import { Alert, Badge, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnected } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { ErrorNotice, ProblemNotice } from '../design/error-notice.tsx'
import { exactTime, Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { tones } from '../design/theme.ts'
import { texts } from '../texts/texts.ts'
import { type Check, checksQuery } from './agent-queries.ts'
import { checkResult, saidIn } from './check-result.ts'
import { FactsList } from './facts-list.tsx'

const words = texts.connection

interface NameProps {
  readonly name: string
}

interface CheckProps {
  readonly check: Check
}

export function CheckConnection({ name }: NameProps): ReactNode {
  const { may } = useSession()
  const client = useQueryClient()
  const { data, error } = useQuery(checksQuery(name))
  const asking = useMutation({
    mutationFn: () => ask('POST /sources/:source/checks', { params: { source: name }, body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ['checks', name] }),
  })
  const [newest, ...earlier] = data?.checks ?? []
  const button = (
    <Button
      leftSection={<IconPlugConnected size={14} />}
      loading={asking.isPending || isOpen(newest)}
      onClick={() => asking.mutate()}
    >
      {words.check}
    </Button>
  )
  const problem = asking.error ?? error
  return (
    <>
      <Section title={words.checkTitle} aside={may('decide') && button}>
        <Text size="sm" c="dimmed">
          {words.checkHelp}
        </Text>
        {problem !== null && <ErrorNotice error={problem} />}
        {data !== undefined && newest === undefined && <Text size="sm">{words.notChecked}</Text>}
        {newest !== undefined && <Result check={newest} />}
      </Section>
      {earlier.length > 0 && <Earlier name={name} checks={earlier} />}
    </>
  )
}

function Earlier({ name, checks }: NameProps & { readonly checks: readonly Check[] }): ReactNode {
  return (
    <Section title={words.earlier} flush>
      <DataTable
        label={`${name}-checks`}
        rows={checks}
        columns={columns}
        rowKey={({ check }) => check}
        empty={null}
      />
    </Section>
  )
}

function isOpen(check: Check | undefined): boolean {
  return check?.state === 'waiting' || check?.state === 'taken'
}

function Result({ check }: CheckProps): ReactNode {
  const { agent, by, askedAt, answer, state } = check
  if (isOpen(check))
    return (
      <Group gap="sm" aria-live="polite">
        <Loader size="sm" />
        <Text size="sm">{state === 'taken' ? words.connecting(agent.host) : words.askedOf(agent.host)}</Text>
      </Group>
    )
  return (
    <Stack aria-live="polite">
      <Group gap="sm">
        <ResultBadge check={check} />
        <Text size="sm" c="dimmed">
          <Moment at={askedAt} /> {words.by(by.name, agent.host)}
        </Text>
      </Group>
      {answer === null && <ProblemNotice message={words.noAnswerHelp(agent.host)} />}
      {answer !== null && answer.error !== null && <ProblemNotice {...answer.error} />}
      {answer !== null && Object.keys(answer.facts).length > 0 && (
        <FactsList facts={Object.entries(answer.facts)} />
      )}
      {answer?.warnings.map((warning) => (
        <Alert key={warning} color="yellow" icon={<IconAlertTriangle size={18} />} p="sm">
          <Text size="sm">{warning}</Text>
        </Alert>
      ))}
    </Stack>
  )
}

function ResultBadge({ check }: CheckProps): ReactNode {
  const { word, tone } = checkResult(check)
  return (
    <Badge color={tones[tone]} miw="max-content">
      {word}
    </Badge>
  )
}

const columns: readonly Column<Check>[] = [
  {
    id: 'at',
    header: words.columns.at,
    value: ({ askedAt }) => exactTime(askedAt),
    cell: ({ askedAt }) => <Moment at={askedAt} />,
  },
  {
    id: 'result',
    header: words.columns.result,
    value: (check) => checkResult(check).word,
    cell: (check) => <ResultBadge check={check} />,
  },
  { id: 'by', header: words.columns.by, value: ({ by }) => by.name },
  { id: 'agent', header: words.columns.agent, value: ({ agent }) => agent.host },
  { id: 'says', header: words.columns.says, value: saidIn, wide: true },
]
