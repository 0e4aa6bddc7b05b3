/** @module */
import { Badge } from '@mantine/core'
import type { Change } from '@sluice/model'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'

const colors = { insert: 'teal', update: 'brand', delete: 'red' } as const

export function OperationBadge({ operation }: Pick<Change, 'operation'>): ReactNode {
  return (
    <Badge color={colors[operation]} miw="max-content">
      {texts.runs.changes[operation]}
    </Badge>
  )
}
