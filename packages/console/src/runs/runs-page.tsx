/**
 * All runs: the last ones as a chart, and all of them as a list.
 *
 * @module
 */
import { Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { statusQuery } from '../api/shared-queries.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { runsQuery } from './run-queries.ts'
import { RunsChart } from './runs-chart.tsx'
import { type RunsSearch, runStateNames, runsSearch } from './runs-search.ts'
import { RunsTable } from './runs-table.tsx'

/** So many stand in the chart. */
const charted = 40

export function RunsPage(): ReactNode {
  const search = runsSearch(useSearch({ strict: false }))
  const query = useInfiniteQuery(runsQuery(search))
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.runs), [query.data])
  const filtered = search.source !== undefined || search.state !== undefined
  return (
    <Page title={texts.runs.title} description={texts.runs.description}>
      {query.error !== null && <ErrorNotice error={query.error} retry={query.refetch} />}
      {(runs === undefined || runs.length > 0) && <RunsChart runs={runs?.slice(0, charted)} />}
      <Section flush>
        <RunsTable
          runs={runs}
          filtered={filtered}
          tools={<Filters search={search} />}
          older={
            query.hasNextPage
              ? { busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }
              : undefined
          }
        />
      </Section>
    </Page>
  )
}

function Filters({ search }: { readonly search: RunsSearch }): ReactNode {
  const navigate = useNavigate()
  const { data } = useQuery(statusQuery)
  const choose = (chosen: RunsSearch) => void navigate({ to: '/runs', search: { ...search, ...chosen } })
  return (
    <>
      <Select
        aria-label={texts.runs.source}
        placeholder={texts.runs.allSources}
        data={(data?.sources ?? []).map(({ name }) => name)}
        value={search.source ?? null}
        onChange={(source) => choose({ source: source ?? undefined })}
        clearable
        searchable
        w={160}
      />
      <Select
        aria-label={texts.runs.state}
        placeholder={texts.runs.allStates}
        data={[...runStateNames]}
        value={search.state ?? null}
        onChange={(state) => choose({ state: runStateNames.find((one) => one === state) })}
        clearable
        w={140}
      />
    </>
  )
}
