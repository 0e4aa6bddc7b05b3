/**
 * Has the agent of a source connect to its managed system, and shows what it says: now, and before.
 *
 * @module
 */
import { Alert, Badge, Button, Group, Loader, Menu, Stack, Text } from '@mantine/core'
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
import { type Check, checksQuery, type DeliveringAgent } from './agent-queries.ts'
import classes from './agents.module.css'
import { checkResult, saidIn } from './check-result.ts'

const words = texts.connection

interface NameProps {
  readonly name: string
}

interface CheckProps {
  readonly check: Check
}

interface ConnectionProps extends NameProps {
  readonly agents: readonly DeliveringAgent[]
}

export function CheckConnection({ name, agents }: ConnectionProps): ReactNode {
  const { may } = useSession()
  const client = useQueryClient()
  const { data, error } = useQuery(checksQuery(name))
  const asking = useMutation({
    mutationFn: (agent: string | undefined) =>
      ask('POST /sources/:source/checks', { params: { source: name }, body: { agent } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['checks', name] }),
  })
  const [newest, ...earlier] = data?.checks ?? []
  const problem = asking.error ?? error
  const busy = asking.isPending || isOpen(newest)
  const button = may('decide') && <CheckButton agents={agents} busy={busy} onCheck={asking.mutate} />
  return (
    <>
      <Section title={words.checkTitle} aside={button}>
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

interface ButtonProps extends Pick<ConnectionProps, 'agents'> {
  readonly busy: boolean
  readonly onCheck: (agent: string | undefined) => void
}

/** Where several agents could be asked, one of them is chosen. */
function CheckButton({ agents, busy, onCheck }: ButtonProps): ReactNode {
  const able = agents.filter(({ agent, checks }) => agent.there && checks)
  const shown = { leftSection: <IconPlugConnected size={14} />, loading: busy, children: words.check }
  if (able.length < 2) return <Button {...shown} onClick={() => onCheck(able[0]?.agent.agent)} />
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button {...shown} />
      </Menu.Target>
      <Menu.Dropdown>
        {able.map(({ agent }) => (
          <Menu.Item key={agent.agent} onClick={() => onCheck(agent.agent)}>
            {agent.host} ({agent.folder})
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
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
      {answer !== null && <Facts facts={answer.facts} />}
      {answer?.warnings.map((warning) => (
        <Alert key={warning} color="yellow" icon={<IconAlertTriangle size={18} />} p="sm">
          <Text size="sm">{warning}</Text>
        </Alert>
      ))}
    </Stack>
  )
}

/** What a system says may be long: a line each. */
function Facts({ facts }: { readonly facts: Readonly<Record<string, string>> }): ReactNode {
  return (
    <dl className={classes['said']}>
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
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
