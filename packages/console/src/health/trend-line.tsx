/** How a figure went, beside it; the day and the value that is pointed at stand above it. @module */
import { Tooltip } from '@mantine/core'
import { type PointerEvent, type ReactNode, useState } from 'react'
import { Sparkline } from '../design/sparkline.tsx'
import { texts } from '../texts/texts.ts'

interface TrendLineProps {
  readonly label: string
  readonly days: readonly string[]
  readonly values: readonly (number | null)[]
  readonly unit?: string
}

const width = 72

export function TrendLine({ label, days, values, unit = '' }: TrendLineProps): ReactNode {
  const points = days.flatMap((day, index) => {
    const value = values[index]
    return value === null || value === undefined ? [] : [{ day, value }]
  })
  const [at, setAt] = useState<number>()
  if (points.length < 2) return null
  const shown = points[at ?? points.length - 1]
  const follow = (event: PointerEvent<HTMLElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const index = Math.round(((event.clientX - left) / width) * (points.length - 1))
    setAt(Math.min(points.length - 1, Math.max(0, index)))
  }
  return (
    <Tooltip label={shown && texts.health.onDay(shown.day, `${shown.value}${unit}`)} position="top">
      <span onPointerMove={follow} onPointerLeave={() => setAt(undefined)}>
        <Sparkline
          values={points.map(({ value }) => value)}
          label={texts.health.trendOf(label)}
          width={width}
          height={18}
        />
      </span>
    </Tooltip>
  )
}
