/** @module */
import type { ReactNode } from 'react'

interface SparklineProps {
  readonly values: readonly number[]
  readonly label: string
  readonly width?: number
  readonly height?: number
}

/** How a number went, beside it: no axes, no legend. */
export function Sparkline({ values, label, width = 96, height = 24 }: SparklineProps): ReactNode {
  if (values.length < 2) return null
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const points = values.map((value, index) => {
    const x = 1 + (index / (values.length - 1)) * (width - 2)
    const y = most === least ? height / 2 : height - 2 - ((value - least) / (most - least)) * (height - 4)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="var(--mantine-primary-color-filled)"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
    </svg>
  )
}
