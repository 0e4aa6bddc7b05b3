/** A number with how it went beside it. @module */
import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { TrendLine } from './trend-line.tsx'

interface WithTrendProps {
  readonly label: string
  readonly days: readonly string[]
  readonly values: readonly (number | null)[]
  readonly children: ReactNode
}

export function WithTrend({ children, ...trend }: WithTrendProps): ReactNode {
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <TrendLine {...trend} />
      <Text span size="sm" miw={40} ta="right">
        {children}
      </Text>
    </Group>
  )
}
