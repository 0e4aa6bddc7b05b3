/**
 * Has the agent of a source connect to its managed system, and shows what it says: now, and before.
 *
 * @module
 */
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { exactTime, Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { type Check, checksQuery, type DeliveringAgent } from './agent-queries.ts'
import classes from './agents.module.css'
import { AskAgent, CheckState, isOpen, ResultBadge, useAsking } from './ask-agent.tsx'
import { checkResult, saidIn } from './check-result.ts'

const words = texts.connection

interface NameProps {
  readonly name: string
}

interface ConnectionProps extends NameProps {
  readonly agents: readonly DeliveringAgent[]
}

export function CheckConnection({ name, agents }: ConnectionProps): ReactNode {
  const { data, error } = useQuery(checksQuery(name, 'check'))
  const asking = useAsking(name, 'check')
  const [newest, ...earlier] = data?.checks ?? []
  const problem = asking.error ?? error
  return (
    <>
      <Section
        title={words.checkTitle}
        aside={
          <AskAgent agents={agents} busy={asking.isPending || isOpen(newest)} onAsk={asking.mutate}>
            <IconPlugConnected size={14} />
            {words.check}
          </AskAgent>
        }
      >
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

function Result({ check }: { readonly check: Check }): ReactNode {
  const { answer } = check
  return (
    <Stack>
      <CheckState check={check} />
      {answer !== null && answer.error === null && <Facts facts={answer.facts} />}
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
