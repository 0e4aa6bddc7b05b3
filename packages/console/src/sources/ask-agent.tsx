/**
 * Asks the agent of a source about its managed system, and what the agent says of how that went.
 *
 * @module
 */
import { Badge, Button, Group, Loader, Menu, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { ProblemNotice } from '../design/error-notice.tsx'
import { Moment } from '../design/moment.tsx'
import { tones } from '../design/theme.ts'
import { texts } from '../texts/texts.ts'
import type { Check, DeliveringAgent } from './agent-queries.ts'
import { checkResult } from './check-result.ts'

const words = texts.connection

export function useAsking(name: string, kind: Check['kind']) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (agent: string | undefined) =>
      ask('POST /sources/:source/checks', { params: { source: name }, body: { agent, kind } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['checks', name, kind] }),
  })
}

export function isOpen(check: Check | undefined): boolean {
  return check?.state === 'waiting' || check?.state === 'taken'
}

interface AskProps {
  readonly agents: readonly DeliveringAgent[]
  readonly busy: boolean
  readonly onAsk: (agent: string | undefined) => void
  /** Icon and text. */
  readonly children: readonly [ReactNode, string]
}

/** Where several agents could be asked, one of them is chosen. */
export function AskAgent({ agents, busy, onAsk, children }: AskProps): ReactNode {
  const { may } = useSession()
  if (!may('decide')) return null
  const able = agents.filter(({ agent, checks }) => agent.there && checks)
  const [leftSection, text] = children
  const shown = { variant: 'default', leftSection, loading: busy, children: text }
  if (able.length < 2) return <Button {...shown} onClick={() => onAsk(able[0]?.agent.agent)} />
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button {...shown} />
      </Menu.Target>
      <Menu.Dropdown>
        {able.map(({ agent }) => (
          <Menu.Item key={agent.agent} onClick={() => onAsk(agent.agent)}>
            {agent.host} ({agent.folder})
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

interface CheckProps {
  readonly check: Check
}

/** That it is under way, or how it ended, with what went wrong. */
export function CheckState({ check }: CheckProps): ReactNode {
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
    </Stack>
  )
}

export function ResultBadge({ check }: CheckProps): ReactNode {
  const { word, tone } = checkResult(check)
  return (
    <Badge color={tones[tone]} miw="max-content">
      {word}
    </Badge>
  )
}
