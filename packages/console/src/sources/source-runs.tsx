/** @module */
import { Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Section } from '../design/page.tsx'
import { runsQuery } from '../runs/run-queries.ts'
import { RunsChart } from '../runs/runs-chart.tsx'
import { RunsTable } from '../runs/runs-table.tsx'

/** Runs of one source, as a chart and as a list. */
export function SourceRuns({ name }: { readonly name: string }): ReactNode {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    runsQuery({ source: name }),
  )
  const runs = useMemo(() => data?.pages.flatMap((page) => page.runs), [data])
  return (
    <Stack>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      {runs !== undefined && runs.length > 0 && <RunsChart runs={runs.slice(0, 40)} />}
      <Section flush>
        <RunsTable
          runs={runs}
          filtered={false}
          older={hasNextPage ? { busy: isFetchingNextPage, load: () => void fetchNextPage() } : undefined}
        />
      </Section>
    </Stack>
  )
}
