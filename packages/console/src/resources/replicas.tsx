/** The rows of sources that stand behind a resource. @module */
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Copy } from '../design/copy.tsx'
import { Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { texts } from '../texts/texts.ts'
import { ThereLink } from './lock.tsx'
import { type FactsOf, recordAddress } from './source-facts.ts'
import type { Explanation } from './use-resource.ts'

type Replica = Explanation['replicas'][number]

interface ReplicasProps {
  readonly replicas: readonly Replica[]
  readonly factsOf: FactsOf
}

export function Replicas({ replicas, factsOf }: ReplicasProps): ReactNode {
  return (
    <Section title={texts.resources.sources}>
      {replicas.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.resources.noSources}
        </Text>
      )}
      {replicas.map((replica) => (
        <Row key={`${replica.source} ${replica.key}`} replica={replica} link={factsOf(replica.source).link} />
      ))}
    </Section>
  )
}

function Row({ replica, link }: { readonly replica: Replica; readonly link: string | undefined }): ReactNode {
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
      {howFound(replica).map((text) => (
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

function howFound({ matched, decided }: Replica): readonly string[] {
  const values = Object.entries(matched?.values ?? {}).map(([name, value]) => `${name} ${value}`)
  return [
    matched === null || matched === undefined
      ? []
      : [texts.resources.foundBy(matched.rule, values.join(', '))],
    decided === undefined ? [] : [texts.resources.decidedBy(decided.by, decided.decision)],
  ].flat()
}
