/**
 * The agents that deliver a source: whether each is there, and what it does with the source by itself.
 *
 * @module
 */
import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { tones } from '../design/theme.ts'
import { texts } from '../texts/texts.ts'
import { agentsQuery, type DeliveringAgent, executionQuery } from './agent-queries.ts'
import classes from './agents.module.css'
import { outcomeOf } from './execution-outcome.ts'

const words = texts.agents

interface AgentProps {
  readonly name: string
  readonly delivering: DeliveringAgent
}

export function SourceAgents({ name }: { readonly name: string }): ReactNode {
  const { data, error, refetch } = useQuery(agentsQuery(name))
  if (data === undefined && error === null) return null
  return (
    <Section title={words.title}>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      {data?.agents.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.none}. {words.noneHelp}
        </Text>
      )}
      {data?.agents.map((one) => (
        <Agent key={one.agent.agent} name={name} delivering={one} />
      ))}
    </Section>
  )
}

function Agent({ name, delivering }: AgentProps): ReactNode {
  const { agent, atWork, last, asked } = delivering
  const shown = atWork ?? last
  return (
    <Stack gap={6} className={classes['agent'] ?? ''}>
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {agent.host}
        </Text>
        <Badge color={tones[agent.there ? 'good' : 'quiet']}>
          {agent.there ? words.there : words.isAway}
        </Badge>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {agent.folder}
        </Text>
        {!agent.there && (
          <Text size="sm" c="dimmed">
            {words.lastAsked} <Moment at={agent.askedAt} />
          </Text>
        )}
      </Group>
      {asked !== null && atWork === null && <Text size="sm">{words.waits(asked.by.name)}</Text>}
      {shown === null ? (
        <Text size="sm" c="dimmed">
          {words.never}
        </Text>
      ) : (
        <Execution name={name} delivering={delivering} head={shown} />
      )}
    </Stack>
  )
}

interface ExecutionProps extends AgentProps {
  readonly head: NonNullable<DeliveringAgent['last']>
}

function Execution({ name, delivering, head }: ExecutionProps): ReactNode {
  const { data } = useQuery(executionQuery(head.execution))
  const { runs, says } = data === undefined ? { runs: [], says: undefined } : outcomeOf(data)
  const { stop } = head
  return (
    <Group gap="sm" aria-live="polite">
      <StateBadge state={head.state} />
      <Text size="sm">
        {words.since} <Moment at={head.startedAt} /> {words.by(head.by.name)}
      </Text>
      {runs.map((run) => (
        <Anchor key={run} component={Link} to={`/runs/${run}`} size="sm">
          {texts.runs.run(run)}
        </Anchor>
      ))}
      {stop !== null && head.state === 'running' && <Text size="sm">{words.stopping(stop.by.name)}</Text>}
      {delivering.atWork !== null && stop === null && <Stop name={name} agent={delivering.agent.agent} />}
      {says !== undefined && (
        <Text size="sm" c="dimmed" w="100%">
          {says}
        </Text>
      )}
    </Group>
  )
}

function Stop({ name, agent }: { readonly name: string; readonly agent: string }): ReactNode {
  const { may } = useSession()
  const client = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: () => ask('POST /sources/:source/stop', { params: { source: name }, body: { agent } }),
    onSuccess: () => notifications.show({ message: words.stopped(name) }),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['agents', name] }),
  })
  if (!may('decide')) return null
  return (
    <Button size="compact-sm" variant="default" loading={isPending} onClick={() => mutate()}>
      {words.stop}
    </Button>
  )
}
