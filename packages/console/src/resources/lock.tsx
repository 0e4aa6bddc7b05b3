/**
 * The padlock beside an attribute: whose it is, and, when it is opened, by which policy and since when.
 *
 * @module
 */
import { ActionIcon, Anchor, Group, Popover, Stack, Table, Text, Tooltip } from '@mantine/core'
import { IconExternalLink, IconLock, IconLockOpen, IconUserEdit } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Moment } from '../design/moment.tsx'
import { texts } from '../texts/texts.ts'
import { originOf, originText, winnerOf } from './attribute-origin.ts'
import { type FactsOf, recordAddress } from './source-facts.ts'
import type { ExplainedValue } from './use-resource.ts'

interface OriginProps {
  readonly value: ExplainedValue
  readonly factsOf: FactsOf
}

interface LockProps extends OriginProps {
  /** Of the property. */
  readonly label: string
}

const icons = {
  locked: IconLock,
  unlocked: IconLockOpen,
  person: IconUserEdit,
  nobody: IconLockOpen,
} as const
const colors = { locked: 'yellow', unlocked: 'gray', person: 'brand', nobody: 'gray' } as const

export function Lock({ value, label, factsOf }: LockProps): ReactNode {
  const origin = originOf(value)
  const Icon = icons[origin.kind]
  return (
    <Popover position="bottom-start" shadow="md" width={340} withArrow trapFocus>
      <Popover.Target>
        <Tooltip label={originText(origin)}>
          <ActionIcon size="sm" color={colors[origin.kind]} aria-label={`${label}: ${originText(origin)}`}>
            <Icon size={15} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Origin value={value} factsOf={factsOf} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Origin({ value, factsOf }: OriginProps): ReactNode {
  const { property, claims, run, at, source } = value
  const origin = originOf(value)
  const winner = winnerOf(claims) ?? claims[0]
  const address = winner && recordAddress(factsOf(winner.source).link, winner.key, property)
  return (
    <Stack gap={8} fz="sm">
      <Text size="sm" fw={600}>
        {originText(origin)}
      </Text>
      {origin.kind === 'locked' && (
        <Text size="sm" c="dimmed">
          {texts.resources.lockedHelp(origin.source)}
        </Text>
      )}
      <Table fz="sm" verticalSpacing={3} horizontalSpacing={0} withRowBorders={false} layout="fixed">
        <Table.Tbody>
          {winner !== undefined && (
            <>
              <Fact name={texts.resources.policy}>{texts.resources.policies[winner.policy]}</Fact>
              <Fact name={texts.resources.precedence}>{winner.precedence}</Fact>
              <Fact name={texts.resources.key}>{winner.key}</Fact>
            </>
          )}
          {run > 0 && (
            <Fact name={texts.resources.since}>
              <Group gap={6}>
                <Moment at={at} />
                <Anchor component={Link} to={`/runs/${run}`} inherit>
                  {texts.resources.sinceRun(run)}
                </Anchor>
              </Group>
            </Fact>
          )}
        </Table.Tbody>
      </Table>
      {(value.pruned === true || value.history !== undefined) && (
        <Text size="xs" c="dimmed">
          {texts.resources.sinceCreation}
        </Text>
      )}
      {address !== undefined && <ThereLink address={address} source={winner?.source ?? source ?? ''} />}
    </Stack>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <Table.Tr>
      <Table.Th c="dimmed" fw={400} w={92}>
        {name}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  )
}

interface ThereLinkProps {
  readonly address: string
  readonly source: string
}

/** Into the managed system's own program. */
export function ThereLink({ address, source }: ThereLinkProps): ReactNode {
  return (
    <Anchor href={address} target="_blank" rel="noreferrer" size="sm">
      <Group gap={4} component="span">
        {texts.resources.openThere(source)}
        <IconExternalLink size={13} />
      </Group>
    </Anchor>
  )
}
