/** The rows of sources that stand behind a resource. @module */
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Copy } from '../design/copy.tsx'
import { Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { type ReadersLabels, valuesLabel } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { ThereLink } from './lock.tsx'
import { type FactsOf, recordAddress } from './source-facts.ts'
import type { Explanation } from './use-resource.ts'

type Replica = Explanation['replicas'][number]

interface ReplicasProps {
  readonly type: string
  readonly replicas: readonly Replica[]
  readonly factsOf: FactsOf
}

export function Replicas({ type, replicas, factsOf }: ReplicasProps): ReactNode {
  return (
    <Section title={texts.resources.sources}>
      {replicas.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.resources.noSources}
        </Text>
      )}
      {replicas.map((replica) => (
        <Row
          key={`${replica.source} ${replica.key}`}
          type={type}
          replica={replica}
          link={factsOf(replica.source).link}
        />
      ))}
    </Section>
  )
}

interface RowProps {
  readonly type: string
  readonly replica: Replica
  readonly link: string | undefined
}

function Row({ type, replica, link }: RowProps): ReactNode {
  const labels = useLabels()
  const { source, key, status, creator, lastSeen, error, warnings = [] } = replica
  const address = recordAddress(link, key)
  return (
    <Stack gap={3} fz="sm">
      <Group gap={6}>
        <Anchor component={Link} to={`/sources/${encodeURIComponent(source)}`} size="sm" fw={600}>
          {source}
        </Anchor>
        {status !== undefined && <StateBadge state={status} />}
        {creator === true && <Badge color="gray">{texts.resources.creator}</Badge>}
      </Group>
      <Group gap={2} wrap="nowrap">
        <Text size="sm" truncate ff="monospace" title={key}>
          {key}
        </Text>
        <Copy value={key} />
      </Group>
      {howFound(replica, type, labels).map((text) => (
        <Text key={text} size="xs" c="dimmed">
          {text}
        </Text>
      ))}
      {lastSeen !== undefined && (
        <Text size="xs" c="dimmed" component="div">
          {texts.resources.lastSeen} <Moment at={lastSeen} />
        </Text>
      )}
      {[error ?? [], warnings].flat().map((fault) => (
        <Text key={`${fault.code} ${fault.text}`} size="xs" c="red">
          {fault.text}
        </Text>
      ))}
      {address !== undefined && <ThereLink address={address} source={source} />}
    </Stack>
  )
}

function howFound({ matched, decided }: Replica, type: string, labels: ReadersLabels): readonly string[] {
  return [
    matched === null || matched === undefined
      ? []
      : [texts.resources.foundBy(matched.rule, valuesLabel(type, matched.values, labels))],
    decided === undefined ? [] : [texts.resources.decidedBy(decided.by, decided.decision)],
  ].flat()
}
