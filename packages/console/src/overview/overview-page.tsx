/**
 * Whether the repository is true, at a glance: what needs somebody first.
 *
 * @module
 */
import { Grid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { live } from '../api/query-client.ts'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { Decisions } from './decisions.tsx'
import { OverviewOfSources } from './overview-of-sources.tsx'
import { RecentRuns } from './recent-runs.tsx'
import { RepositorySize } from './repository-size.tsx'
import { Tiles } from './tiles.tsx'

export function OverviewPage(): ReactNode {
  const { may } = useSession()
  const status = useQuery({ queryKey: ['status'], queryFn: () => ask('GET /status'), ...live })
  const runs = useQuery({
    queryKey: ['runs', 'recent'],
    queryFn: () => ask('GET /runs', { query: { limit: 300 } }),
    ...live,
  })
  const counts = useQuery({
    queryKey: ['resource-counts'],
    queryFn: () => ask('GET /resource-counts'),
    refetchInterval: 15_000,
    enabled: may('read'),
  })
  const sources = status.data?.sources
  return (
    <Page title={texts.overview.title}>
      {status.error !== null && <ErrorNotice error={status.error} retry={status.refetch} />}
      <Tiles sources={sources} types={counts.data?.types} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Decisions sources={sources} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <RepositorySize types={counts.data?.types} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <OverviewOfSources sources={sources} runs={runs.data?.runs} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <RecentRuns runs={runs.data?.runs} />
        </Grid.Col>
      </Grid>
    </Page>
  )
}
