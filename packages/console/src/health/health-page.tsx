/**
 * How fresh the sources are, and how well the resources of each entity type are known; a list behind every number.
 *
 * @module
 */
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { statusQuery, typeCountsQuery } from '../api/shared-queries.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, Section } from '../design/page.tsx'
import { choicesOf } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { linkTo } from '../shell/link-to.ts'
import { sourceTrendsQuery } from '../sources/source-queries.ts'
import { texts } from '../texts/texts.ts'
import { FlappingList } from './flapping-list.tsx'
import type { HealthSearch } from './health-routes.tsx'
import { PropertiesTable, type QualityDay } from './properties-table.tsx'
import { PropertyTrend } from './property-trend.tsx'
import { SourceTrendDialog } from './source-trend-dialog.tsx'
import { SourcesHealth } from './sources-health.tsx'
import { trendOf } from './trends.ts'

export function HealthPage(): ReactNode {
  const navigate = useNavigate()
  const search: HealthSearch = useSearch({ strict: false })
  const status = useQuery(statusQuery)
  const trends = useQuery(sourceTrendsQuery())
  return (
    <Page title={texts.health.title} description={texts.health.description}>
      {status.error !== null && <ErrorNotice error={status.error} retry={status.refetch} />}
      <SourcesHealth sources={status.data?.sources} trends={trends.data?.sources ?? noTrends} />
      {search.source !== undefined && (
        <SourceTrendDialog
          source={search.source}
          runs={trends.data?.sources.find(({ source }) => source === search.source)?.runs ?? []}
          onClose={() => void navigate(linkTo('/health', { type: search.type }))}
        />
      )}
      <TypeHealth />
    </Page>
  )
}

const none: readonly QualityDay[] = []
const noTrends: Reply<'GET /source-trends'>['sources'] = []

interface OpenedProps {
  readonly type: string | undefined
  readonly search: HealthSearch
  readonly quality: Reply<'GET /quality/:entityType'> | undefined
  readonly history: readonly QualityDay[]
}

/** What stands in the address, above the page. */
function Opened({ type, search, quality, history }: OpenedProps): ReactNode {
  const navigate = useNavigate()
  const labels = useLabels()
  if (type === undefined || quality === undefined) return null
  const close = () => void navigate(linkTo('/health', { type }))
  const { flapping, trend } = search
  if (flapping !== undefined) return <FlappingList type={type} property={flapping} onClose={close} />
  if (trend === undefined) return null
  const now = { ...quality, day: new Date().toISOString().slice(0, 10) }
  return (
    <PropertyTrend
      label={labels.property(type, trend)}
      trend={trendOf(trend, history, now)}
      onClose={close}
    />
  )
}

function TypeHealth(): ReactNode {
  const navigate = useNavigate()
  const search: HealthSearch = useSearch({ strict: false })
  const labels = useLabels()
  const counts = useQuery(typeCountsQuery)
  const names = counts.data?.types.map((one) => one.type)
  const type = search.type ?? names?.[0]
  const quality = useQuery({
    queryKey: ['quality', type],
    queryFn: () => ask('GET /quality/:entityType', { params: { entityType: type ?? '' } }),
    enabled: type !== undefined,
    staleTime: 30_000,
  })
  const history = useQuery({
    queryKey: ['quality', type, 'history'],
    queryFn: () => ask('GET /quality/:entityType/history', { params: { entityType: type ?? '' } }),
    enabled: type !== undefined,
    staleTime: 300_000,
  })
  if (names?.length === 0)
    return <EmptyState title={texts.health.noTypes}>{texts.health.noTypesHelp}</EmptyState>
  return (
    <Section
      title={texts.health.properties(labels.type(type ?? ''))}
      flush
      aside={
        <Select
          aria-label={texts.health.type}
          data={choicesOf(names ?? [], labels.type)}
          value={type ?? null}
          onChange={(value) => value !== null && void navigate(linkTo('/health', { type: value }))}
          allowDeselect={false}
        />
      }
    >
      {quality.error === null ? (
        <PropertiesTable quality={quality.data} history={history.data?.days ?? none} />
      ) : (
        <ErrorNotice error={quality.error} retry={quality.refetch} />
      )}
      <Opened type={type} search={search} quality={quality.data} history={history.data?.days ?? none} />
    </Section>
  )
}
