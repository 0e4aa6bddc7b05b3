/**
 * The last runs as a chart: what each changed, which rows it read, how long it took. A bar opens its run.
 *
 * @module
 */
import { SegmentedControl, Skeleton } from '@mantine/core'
import type { RunReport } from '@sluice/model'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { BarChart } from '../design/chart.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { factsOf, type RunFacts } from './run-facts.ts'

const { columns, measures } = texts.runs

const seriesOf = {
  changes: [
    [columns.inserted, 'teal', (facts: RunFacts) => facts.inserted],
    [columns.updated, 'brand', (facts: RunFacts) => facts.updated],
    [columns.deleted, 'red', (facts: RunFacts) => facts.deleted],
  ],
  rows: [
    [columns.read, 'brand', (facts: RunFacts) => facts.read - facts.rejected],
    [columns.rejected, 'red', (facts: RunFacts) => facts.rejected],
  ],
  duration: [[columns.seconds, 'brand', (facts: RunFacts) => (facts.duration ?? 0) / 1000]],
} as const
type Measure = keyof typeof seriesOf
const all: readonly Measure[] = ['changes', 'rows', 'duration']

/** Newest first, as lists have them. */
export function RunsChart({ runs }: { readonly runs: readonly RunReport[] | undefined }): ReactNode {
  const [measure, setMeasure] = useState<Measure>('changes')
  return (
    <Section
      title={texts.runs.chart}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={texts.runs.measure}
          value={measure}
          onChange={(value) => setMeasure(all.find((one) => one === value) ?? 'changes')}
          data={all.map((value) => ({ value, label: measures[value] }))}
        />
      }
    >
      {runs === undefined ? <Skeleton h={180} /> : <Bars runs={runs} measure={measure} />}
    </Section>
  )
}

function Bars({
  runs,
  measure,
}: {
  readonly runs: readonly RunReport[]
  readonly measure: Measure
}): ReactNode {
  const navigate = useNavigate()
  // What has changed is drawn anew, and nothing flickers while nothing does.
  const drawn = JSON.stringify(runs.map((one) => [one.run, factsOf(one)]).toReversed())
  const { labels, series, numbers } = useMemo(() => {
    const bars: readonly (readonly [number, RunFacts])[] = JSON.parse(drawn)
    return {
      numbers: bars.map(([run]) => run),
      labels: bars.map(([run]) => String(run)),
      series: seriesOf[measure].map(([label, color, value]) => ({
        label,
        color,
        values: bars.map(([, facts]) => value(facts)),
      })),
    }
  }, [drawn, measure])
  const open = useCallback(
    (index: number) => void navigate({ to: `/runs/${numbers[index]}` }),
    [navigate, numbers],
  )
  return (
    <BarChart labels={labels} series={series} label={texts.runs.chartLabel(labels.length)} onPick={open} />
  )
}
