/**
 * A list of sources, each of which opens its page.
 *
 * @module
 */
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { texts } from '../texts/texts.ts'
import type { SourceHealth } from './source-health.ts'

interface SourcesTableProps<Row> {
  readonly rows: readonly Row[] | undefined
  readonly columns: readonly Column<Row>[]
}

export function SourcesTable<Row extends SourceHealth>(props: SourcesTableProps<Row>): ReactNode {
  const navigate = useNavigate()
  return (
    <DataTable
      {...props}
      rowKey={({ name }) => name}
      label={texts.sources.title}
      onOpen={({ name }) => void navigate({ to: `/sources/${encodeURIComponent(name)}` })}
      empty={<EmptyState title={texts.sources.none}>{texts.sources.noneHelp}</EmptyState>}
    />
  )
}
