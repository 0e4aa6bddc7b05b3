/**
 * Charts, loaded when the first one is shown.
 *
 * @module
 */
import 'uplot/dist/uPlot.min.css'
import './chart.css'
import { useMantineTheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type ReactNode, useEffect, useRef } from 'react'
import UPlot from 'uplot'

interface Series {
  readonly label: string
  /** Of the theme: `teal`, `red`. */
  readonly color: string
  readonly values: readonly (number | null)[]
}

interface BarChartProps {
  /** Beneath the bars; those of the pointed one stand in the legend. */
  readonly labels: readonly string[]
  /** One upon the other, the first lowest. */
  readonly series: readonly Series[]
  readonly height?: number
  /** Says it to those who do not see it. */
  readonly label: string
  readonly onPick?: (index: number) => void
}

export function BarChart({ labels, series, height = 180, label, onPick }: BarChartProps): ReactNode {
  const { colors } = useMantineTheme()
  const { ref, width } = useElementSize()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (place.current === null || width === 0) return
    const stacked = stack(series.map(({ values }) => values))
    const bars = UPlot.paths.bars?.({ size: [0.7, 28], radius: 0.15 })
    const chart = new UPlot(
      {
        width,
        height,
        padding: [8, 8, 0, 0],
        scales: {
          x: { time: false, range: [-0.6, labels.length - 0.4] },
          // Bars begin at nothing.
          y: { range: (_, __, most) => [0, most === 0 ? 1 : most * 1.1] },
        },
        axes: [
          {
            splits: () => spread(labels.length, width),
            values: (_, at) => at.map((index) => labels[index] ?? ''),
            size: 28,
            grid: { show: false },
            ticks: { show: false },
            stroke: 'gray',
            font: '11px sans-serif',
          },
          {
            stroke: 'gray',
            font: '11px sans-serif',
            grid: { stroke: '#88888833', width: 1 },
            ticks: { show: false },
          },
        ],
        cursor: { y: false, points: { show: false } },
        series: [
          { label: ' ', value: (_, index) => (index === null ? '' : (labels[index] ?? '')) },
          ...series
            .map(({ label: name, color, values }) => ({
              label: name,
              fill: colors[color]?.[5] ?? color,
              stroke: colors[color]?.[5] ?? color,
              width: 0,
              points: { show: false },
              ...(bars === undefined ? {} : { paths: bars }),
              value: (_: UPlot, __: number | null, ___: number, index: number | null) =>
                index === null ? '' : String(values[index] ?? ''),
            }))
            .toReversed(),
        ],
      },
      [labels.map((_, index) => index), ...stacked.toReversed()],
      place.current,
    )
    const pick = () => {
      if (chart.cursor.idx !== null && chart.cursor.idx !== undefined) onPick?.(chart.cursor.idx)
    }
    chart.over.addEventListener('click', pick)
    return () => chart.destroy()
  }, [labels, series, height, width, colors, onPick])
  return (
    <div ref={ref} role="img" aria-label={label}>
      <div ref={place} />
    </div>
  )
}

/** Each with those below it. */
function stack(all: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const sums: number[] = []
  return all.map((values) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0)
      return value === null ? null : (sums[index] ?? 0)
    }),
  )
}

/** As many as stand beside one another. */
function spread(count: number, width: number): number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / 90))))
  return Array.from({ length: count }, (_, index) => index).filter((index) => index % step === 0)
}
