/**
 * How a source is: what needs somebody, with the way there, and how its last runs went.
 *
 * @module
 */
import { Anchor, Button, Code, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Copy } from '../design/copy.tsx'
import { Amount, Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { lastRunsQuery } from '../runs/run-queries.ts'
import { RunsChart } from '../runs/runs-chart.tsx'
import { linkTo } from '../shell/link-to.ts'
import { texts } from '../texts/texts.ts'
import { FactsList } from './facts-list.tsx'
import { SourceAgents } from './source-agents.tsx'
import { type SourceHealth, targetOf } from './source-health.ts'
import type { SourceProps } from './source-page.tsx'
import { type SourceRecord, sourceTrendsQuery } from './source-queries.ts'
import { SourceTrendCharts } from './source-trend-charts.tsx'

export function SourceOverview({ name, health, record }: SourceProps): ReactNode {
  const { data } = useQuery(lastRunsQuery(name))
  return (
    <Stack>
      {health !== undefined && <NeedsAttention source={health} />}
      <Section>
        <SourceFacts health={health} record={record} />
      </Section>
      {health?.kind === 'delivered' && <SourceAgents name={name} />}
      {(data === undefined || data.runs.length > 0) && <RunsChart runs={data?.runs} />}
      <Trends name={name} />
    </Stack>
  )
}

/** One run is no trend. */
function Trends({ name }: { readonly name: string }): ReactNode {
  const { data } = useQuery(sourceTrendsQuery(name))
  const runs = data?.sources[0]?.runs
  if (runs === undefined || runs.length < 2) return null
  return (
    <Section title={texts.sources.trends.title}>
      <SourceTrendCharts source={name} runs={runs} />
    </Section>
  )
}

function NeedsAttention({ source }: { readonly source: SourceHealth }): ReactNode {
  const { attention } = texts.sources
  return (
    <Section title={attention.title}>
      {source.attention.length === 0 && (
        <Text size="sm" c="dimmed">
          {attention.nothing}
        </Text>
      )}
      {source.attention.map((one) => {
        const { to, search } = targetOf(one, source)
        return (
          <Group key={one.kind} justify="space-between" gap="sm">
            <Text size="sm" flex={1} miw={220}>
              {one.says}
            </Text>
            <Group gap="xs">
              <Code visibleFrom="md">{one.command}</Code>
              <Copy value={one.command} />
              {to !== `/sources/${encodeURIComponent(source.name)}` || search !== undefined ? (
                <Button component={Link} {...linkTo(to, search)} variant="default">
                  {attention.open}
                </Button>
              ) : null}
            </Group>
          </Group>
        )
      })}
    </Section>
  )
}

interface FactsProps {
  readonly health: SourceHealth | undefined
  readonly record: SourceRecord | undefined
}

function SourceFacts({ health, record }: FactsProps): ReactNode {
  const { facts, kinds, definedIn } = texts.sources
  return (
    <FactsList
      facts={[
        ...(health === undefined ? [] : healthFacts(health)),
        ...(record === undefined
          ? []
          : ([
              [facts.kind, record.kind === null ? '–' : kinds[record.kind]],
              [facts.rows, <Amount key="rows" value={record.replicas} />],
              [facts.resources, <Amount key="resources" value={record.resources} />],
              [facts.links, <Amount key="links" value={record.links} />],
              [facts.defined, record.place ?? definedIn[record.definedIn]],
              ...(record.owner === null ? [] : [[facts.owner, record.owner] as const]),
              ...(record.status === null ? [] : [[facts.status, record.status] as const]),
            ] as const)),
      ]}
    />
  )
}

function healthFacts({
  lastRun,
  lastApplied,
  dueAt,
  queue,
  failures,
}: SourceHealth): readonly (readonly [string, ReactNode])[] {
  const { facts } = texts.sources
  return [
    [
      facts.lastRun,
      lastRun === null ? (
        '–'
      ) : (
        <Group key="last" gap={6}>
          <Anchor component={Link} to={`/runs/${lastRun.run}`} inherit>
            {texts.runs.run(lastRun.run ?? 0)}
          </Anchor>
          <StateBadge state={lastRun.state} />
        </Group>
      ),
    ],
    [facts.applied, <Moment key="applied" at={lastApplied?.finishedAt} />],
    ...(dueAt === null ? [] : [[facts.due, <Moment key="due" at={dueAt} />] as const]),
    [facts.waiting, queue.announced + queue.ready + queue.held + queue.aside],
    ...(failures === 0 ? [] : [[facts.failures, failures] as const]),
  ]
}
