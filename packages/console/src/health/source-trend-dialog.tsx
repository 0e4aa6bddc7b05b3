/** How a source went over its last applied runs, above the page of health. @module */
import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import type { TrendRun } from '../sources/source-trend.ts'
import { SourceTrendCharts } from '../sources/source-trend-charts.tsx'
import { texts } from '../texts/texts.ts'

interface SourceTrendDialogProps {
  readonly source: string
  readonly runs: readonly TrendRun[]
  readonly onClose: () => void
}

export function SourceTrendDialog({ source, runs, onClose }: SourceTrendDialogProps): ReactNode {
  return (
    <Modal opened onClose={onClose} title={texts.health.trendOf(source)} size="xl">
      <SourceTrendCharts source={source} runs={runs} />
    </Modal>
  )
}
