/** @module */
import { Anchor, Badge, Group, Progress, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Reply } from '../api/ask.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Amount } from '../design/moment.tsx'
import { useLabels } from '../model/use-labels.ts'
import { typeAddress } from '../shell/addresses.ts'
import { linkTo } from '../shell/link-to.ts'
import { texts } from '../texts/texts.ts'
import { knownShare } from './known-share.ts'
import { TrendLine } from './trend-line.tsx'
import { type Trend, trendOf } from './trends.ts'
import { WithTrend } from './with-trend.tsx'

type Quality = Reply<'GET /quality/:entityType'>
export type QualityDay = Reply<'GET /quality/:entityType/history'>['days'][number]

interface Row {
  readonly type: string
  readonly property: string
  /** As the reader calls it. */
  readonly label: string
  readonly required: boolean
  readonly missing: number
  readonly share: number
  readonly orphans: number
  readonly flapping: number
  readonly trend: Trend
}

interface PropertiesTableProps {
  readonly quality: Quality | undefined
  readonly history: readonly QualityDay[]
}

export function PropertiesTable({ quality, history }: PropertiesTableProps): ReactNode {
  const labels = useLabels()
  const rows = useMemo(
    () =>
      quality?.properties.map(
        ({ property, required, filled, orphans, flapping }): Row => ({
          type: quality.type,
          property,
          label: labels.property(quality.type, property),
          required,
          missing: quality.resources - filled,
          share: knownShare(filled, quality.resources),
          orphans,
          flapping,
          trend: trendOf(property, history, { ...quality, day: new Date().toISOString().slice(0, 10) }),
        }),
      ),
    [quality, history, labels],
  )
  if (quality?.resources === 0) return <EmptyState title={texts.health.noResources} />
  return (
    <DataTable
      rows={rows}
      columns={columns}
      rowKey={({ property }) => property}
      label={texts.health.properties(quality?.type ?? '')}
      empty={<EmptyState title={texts.health.noResources} />}
    />
  )
}

const heads = texts.health.columns

const columns: readonly Column<Row>[] = [
  {
    id: 'property',
    header: heads.property,
    value: ({ property }) => property,
    cell: ({ label, required }) => (
      <Group gap={6}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        {required && <Badge color="gray">{texts.health.required}</Badge>}
      </Group>
    ),
  },
  {
    id: 'known',
    header: heads.filled,
    value: ({ share }) => share,
    cell: ({ share, label, trend }) => (
      <Group gap="xs" wrap="nowrap">
        <Progress
          value={share}
          w={120}
          size="sm"
          visibleFrom="sm"
          color={share >= 95 ? 'teal' : share >= 70 ? 'yellow' : 'red'}
          aria-label={`${heads.filled}: ${label}`}
        />
        <Text size="sm" miw={46} ta="right">
          {share} %
        </Text>
        <TrendLine label={`${label}, ${heads.filled}`} days={trend.days} values={trend.known} unit=" %" />
      </Group>
    ),
  },
  {
    id: 'missing',
    header: heads.missing,
    help: texts.health.missingHelp,
    value: ({ missing }) => missing,
    cell: ({ type, property, label, missing, trend }) => (
      <WithTrend label={`${label}, ${heads.missing}`} days={trend.days} values={trend.missing}>
        <Counted value={missing} to={typeAddress(type)} where={`!${property}`} />
      </WithTrend>
    ),
    align: 'right',
  },
  {
    id: 'orphans',
    header: heads.orphans,
    help: texts.health.orphansHelp,
    value: ({ orphans }) => orphans,
    cell: ({ type, property, label, orphans, trend }) => (
      <WithTrend label={`${label}, ${heads.orphans}`} days={trend.days} values={trend.orphans}>
        <Counted value={orphans} to={typeAddress(type)} where={`!${property}`} />
      </WithTrend>
    ),
    align: 'right',
  },
  {
    id: 'flapping',
    header: heads.flapping,
    help: texts.health.flappingHelp,
    value: ({ flapping }) => flapping,
    cell: ({ type, property, label, flapping, trend }) => (
      <WithTrend label={`${label}, ${heads.flapping}`} days={trend.days} values={trend.flapping}>
        {flapping === 0 ? (
          <Amount value={0} />
        ) : (
          <Anchor component={Link} {...linkTo('/health', { type, flapping: property })} size="sm">
            <Amount value={flapping} />
          </Anchor>
        )}
      </WithTrend>
    ),
    align: 'right',
  },
  {
    id: 'trend',
    header: '',
    value: () => null,
    control: true,
    unsorted: true,
    cell: ({ type, property, trend }) =>
      trend.days.length < 2 ? null : (
        <Anchor component={Link} {...linkTo('/health', { type, trend: property })} size="xs">
          {texts.health.trend}
        </Anchor>
      ),
    align: 'right',
    wide: true,
  },
]

interface CountedProps {
  readonly value: number
  readonly to: string
  readonly where: string
}

function Counted({ value, to, where }: CountedProps): ReactNode {
  if (value === 0) return <Amount value={0} />
  return (
    <Anchor component={Link} {...linkTo(to, { where: [where] })} size="sm">
      <Amount value={value} />
    </Anchor>
  )
}
