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
  readonly label: string
  readonly trend: Trend
  readonly onClose: () => void
}

const figures = [
  ['missing', 'red'],
  ['orphans', 'orange'],
  ['flapping', 'violet'],
] as const

export function PropertyTrend({ label, trend, onClose }: PropertyTrendProps): ReactNode {
  const chart = (figure: string, color: string, values: readonly (number | null)[]) => (
    <Stack gap={2} key={figure}>
      <Text size="sm" fw={600}>
        {figure}
      </Text>
      <BarChart
        labels={trend.days}
        series={[{ label: figure, color, values }]}
        height={130}
        label={texts.health.trendOf(`${label}, ${figure}`)}
      />
    </Stack>
  )
  return (
    <Modal opened onClose={onClose} title={texts.health.trendOf(label)} size="xl">
      <Suspense fallback={null}>
        <Stack>
          {chart(texts.health.knownShare, 'teal', trend.known)}
          {figures.map(([name, color]) => chart(texts.health.columns[name], color, trend[name]))}
        </Stack>
      </Suspense>
    </Modal>
  )
}
