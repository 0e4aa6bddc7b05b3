/**
 * Columns that lists of sources have alike.
 *
 * @module
 */
import { Badge, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Column } from '../design/data-table.tsx'
import { Moment, wholeNumber } from '../design/moment.tsx'
import { Sparkline } from '../design/sparkline.tsx'
import { tones } from '../design/theme.ts'
import { texts } from '../texts/texts.ts'
import { healthWord, type SourceHealth, toneOfWord } from './source-health.ts'

const { columns: heads, states } = texts.sources

export interface WithTrend extends SourceHealth {
  readonly trend: readonly number[]
}

export const nameColumn: Column<SourceHealth> = {
  id: 'source',
  header: heads.source,
  value: ({ name }) => name,
  cell: ({ name }) => (
    <Text span size="sm" fw={600}>
      {name}
    </Text>
  ),
}

export const healthColumn: Column<SourceHealth> = {
  id: 'health',
  header: heads.health,
  value: (source) => states[healthWord(source)],
  cell: (source) => <HealthBadge source={source} />,
}

export const appliedColumn: Column<SourceHealth> = {
  id: 'applied',
  header: heads.age,
  value: ({ lastApplied }) => lastApplied?.finishedAt,
  cell: ({ lastApplied }) => <Moment at={lastApplied?.finishedAt} />,
}

export const trendColumn: Column<WithTrend> = {
  id: 'trend',
  header: heads.trend,
  value: ({ trend }) => trend.join(' '),
  cell: ({ name, trend }) => (
    <Sparkline values={trend} label={texts.sources.trendLabel(name, wholeNumber(trend.at(-1) ?? 0))} />
  ),
  wide: true,
}

export function HealthBadge({ source }: { readonly source: SourceHealth }): ReactNode {
  const word = healthWord(source)
  return <Badge color={tones[toneOfWord[word]]}>{states[word]}</Badge>
}
