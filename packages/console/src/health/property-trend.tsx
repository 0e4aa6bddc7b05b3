/**
 * One property through the days: a chart of each of its figures.
 *
 * @module
 */
import { Modal, Stack, Text } from '@mantine/core'
import { lazy, type ReactNode, Suspense } from 'react'
import { texts } from '../texts/texts.ts'
import type { Trend } from './trends.ts'

const BarChart = lazy(async () => ({ default: (await import('../design/chart.tsx')).BarChart }))

interface PropertyTrendProps {
  readonly property: string
  readonly trend: Trend
  readonly onClose: () => void
}

const figures = [
  ['missing', 'red'],
  ['orphans', 'orange'],
  ['flapping', 'violet'],
] as const

export function PropertyTrend({ property, trend, onClose }: PropertyTrendProps): ReactNode {
  const chart = (label: string, color: string, values: readonly (number | null)[]) => (
    <Stack gap={2} key={label}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      <BarChart
        labels={trend.days}
        series={[{ label, color, values }]}
        height={130}
        label={texts.health.trendOf(`${property}, ${label}`)}
      />
    </Stack>
  )
  return (
    <Modal opened onClose={onClose} title={texts.health.trendOf(property)} size="xl">
      <Suspense fallback={null}>
        <Stack>
          {chart(texts.health.knownShare, 'teal', trend.known)}
          {figures.map(([name, color]) => chart(texts.health.columns[name], color, trend[name]))}
        </Stack>
      </Suspense>
    </Modal>
  )
}
