/** @module */
import { Anchor, Badge, Group, Progress, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Reply } from '../api/ask.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Amount } from '../design/moment.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabelled } from '../model/use-labels.ts'
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
  const columns = useLabelled(columnsOf)
  const rows = useMemo(
    () =>
      quality?.properties.map(
        ({ property, required, filled, orphans, flapping }): Row => ({
          type: quality.type,
          property,
          required,
          missing: quality.resources - filled,
          share: knownShare(filled, quality.resources),
          orphans,
          flapping,
          trend: trendOf(property, history, { ...quality, day: new Date().toISOString().slice(0, 10) }),
        }),
      ),
    [quality, history],
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
const helps = {
  missing: texts.health.missingHelp,
  orphans: texts.health.orphansHelp,
  flapping: texts.health.flappingHelp,
}

const labelOf = ({ type, property }: Row, labels: ReadersLabels) => labels.property(type, property)

const columnsOf = (labels: ReadersLabels): readonly Column<Row>[] => [
  labelledColumn(
    {
      id: 'property',
      header: heads.property,
      text: labelOf,
      shown: (text, { required }) => (
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {text}
          </Text>
          {required && <Badge color="gray">{texts.health.required}</Badge>}
        </Group>
      ),
    },
    labels,
  ),
  {
    id: 'known',
    header: heads.filled,
    value: ({ share }) => share,
    cell: (row) => <Known share={row.share} label={labelOf(row, labels)} trend={row.trend} />,
  },
  counted('missing', labels, listOf),
  counted('orphans', labels, listOf),
  counted('flapping', labels, ({ type, property }) => linkTo('/health', { type, flapping: property })),
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

interface KnownProps {
  readonly share: number
  readonly label: string
  readonly trend: Trend
}

function Known({ share, label, trend }: KnownProps): ReactNode {
  return (
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
  )
}

/** Resources without a value that counts. */
function listOf({ type, property }: Row): ReturnType<typeof linkTo> {
  return linkTo(typeAddress(type), { where: [`!${property}`] })
}

/** `behind`: the list of what is counted. */
function counted(
  id: keyof typeof helps,
  labels: ReadersLabels,
  behind: (row: Row) => ReturnType<typeof linkTo>,
): Column<Row> {
  return {
    id,
    header: heads[id],
    help: helps[id],
    value: (row) => row[id],
    cell: (row) => (
      <WithTrend label={`${labelOf(row, labels)}, ${heads[id]}`} days={row.trend.days} values={row.trend[id]}>
        {row[id] === 0 ? (
          <Amount value={0} />
        ) : (
          <Anchor component={Link} {...behind(row)} size="sm">
            <Amount value={row[id]} />
          </Anchor>
        )}
      </WithTrend>
    ),
    align: 'right',
  }
}
