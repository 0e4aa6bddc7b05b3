/**
 * A number in earlier runs, the same in this one, and the limit that it exceeds.
 *
 * @module
 */
import { useMantineTheme } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import type { Measured } from './threshold-history.ts'

const [width, height, base] = [320, 84, 66] as const

interface LimitChartProps {
  readonly earlier: readonly Measured[]
  readonly now: Measured
  readonly limit: number
  readonly limitText: string
}

export function LimitChart({ earlier, now, limit, limitText }: LimitChartProps): ReactNode {
  const { colors } = useMantineTheme()
  const bars = [...earlier.slice(-19), now]
  const top = Math.max(limit, ...bars.map(({ value }) => value)) * 1.12 || 1
  const step = Math.min(26, (width - 8) / bars.length)
  const level = (value: number) => base - (value / top) * (base - 8)
  const label = texts.runs.held.historyLabel(earlier.length, limitText)
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" style={{ maxWidth: width }} role="img">
      <title>{label}</title>
      {bars.map(({ run, value }, index) => (
        <rect
          key={run}
          x={4 + index * step}
          width={Math.max(3, step - 4)}
          y={Math.min(level(value), base - 2)}
          height={Math.max(2, base - level(value))}
          rx={1.5}
          fill={value > limit ? colors.red[6] : 'var(--mantine-color-gray-5)'}
        >
          <title>{`${texts.runs.run(run)}: ${Number(value.toPrecision(3))}`}</title>
        </rect>
      ))}
      <line
        x1={0}
        x2={width}
        y1={level(limit)}
        y2={level(limit)}
        stroke="var(--mantine-color-yellow-7)"
        strokeDasharray="4 3"
      />
      <text x={width} y={level(limit) - 4} textAnchor="end" fontSize={11} fill="currentColor">
        {limitText}
      </text>
      <text
        x={4 + (bars.length - 0.5) * step}
        y={height - 4}
        textAnchor="middle"
        fontSize={11}
        fill="currentColor"
      >
        {bars.length > 3 ? texts.runs.held.thisRun : ''}
      </text>
    </svg>
  )
}
