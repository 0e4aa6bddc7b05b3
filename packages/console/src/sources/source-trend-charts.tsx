/**
 * One source over its last applied runs: a chart of its rows, of those with errors, and of how old what is known of it became. A bar opens its run.
 *
 * @module
 */
import { Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useCallback, useMemo } from 'react'
import { texts } from '../texts/texts.ts'
import { sourceTrendOf, type TrendRun } from './source-trend.ts'

const BarChart = lazy(async () => ({ default: (await import('../design/chart.tsx')).BarChart }))

const { trends: words } = texts.sources

interface SourceTrendChartsProps {
  readonly source: string
  /** The oldest first. */
  readonly runs: readonly TrendRun[]
}

export function SourceTrendCharts({ source, runs }: SourceTrendChartsProps): ReactNode {
  const navigate = useNavigate()
  const { charts, trend } = useMemo(() => chartsOf(runs), [runs])
  const open = useCallback(
    (index: number) => void navigate({ to: `/runs/${trend.runs[index]}` }),
    [navigate, trend],
  )
  return (
    <Suspense fallback={null}>
      <Stack>
        {charts.map(({ title, series }) => (
          <Stack gap={2} key={title}>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <BarChart
              labels={trend.runs.map(String)}
              series={series}
              height={130}
              label={texts.health.trendOf(`${source}, ${title}`)}
              onPick={open}
            />
          </Stack>
        ))}
      </Stack>
    </Suspense>
  )
}

function chartsOf(runs: readonly TrendRun[]) {
  const trend = sourceTrendOf(runs)
  const charts = [
    {
      title: words.rows,
      series: [
        { label: words.taken, color: 'brand', values: trend.taken },
        { label: words.rejected, color: 'red', values: trend.rejected },
      ],
    },
    { title: words.faulty, series: [{ label: words.faulty, color: 'orange', values: trend.faulty }] },
    { title: words.age, series: [{ label: words.age, color: 'violet', values: trend.age }] },
  ]
  return { trend, charts }
}
