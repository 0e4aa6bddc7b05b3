/** In the place of what an address names and is not there: that, and where one goes on. @module */
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { EmptyState } from '../design/empty-state.tsx'
import { texts } from '../texts/texts.ts'

interface NothingThereProps {
  readonly title: string
  /** The page where one goes on, and what leads there. */
  readonly to: string
  readonly back: string
}

export function NothingThere({ title, to, back }: NothingThereProps): ReactNode {
  return (
    <EmptyState title={title}>
      {texts.common.noPageHelp}{' '}
      <Anchor component={Link} to={to}>
        {back}
      </Anchor>
    </EmptyState>
  )
}
