import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { EmptyState } from '../design/empty-state.tsx'
import { texts } from '../texts/texts.ts'

export function NoSuchPage(): ReactNode {
  return (
    <EmptyState title={texts.common.noPage}>
      {texts.common.noPageHelp}{' '}
      <Anchor component={Link} to="/">
        {texts.common.toOverview}
      </Anchor>
    </EmptyState>
  )
}
