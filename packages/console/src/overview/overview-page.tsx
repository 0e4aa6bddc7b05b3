/**
 * Whether the repository is true, at a glance: what needs somebody first.
 *
 * @module
 */
import { Grid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { statusQuery, typeCountsQuery } from '../api/shared-queries.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page } from '../design/page.tsx'
import { lastRunsQuery } from '../runs/run-queries.ts'
import { texts } from '../texts/texts.ts'
import { Decisions } from './decisions.tsx'
import { OverviewOfSources } from './overview-of-sources.tsx'
import { RecentRuns } from './recent-runs.tsx'
import { RepositorySize } from './repository-size.tsx'
import { Tiles } from './tiles.tsx'

export function OverviewPage(): ReactNode {
  const { may } = useSession()
  const status = useQuery(statusQuery)
  const runs = useQuery(lastRunsQuery(undefined, 200))
  const counts = useQuery({ ...typeCountsQuery, refetchInterval: 15_000, enabled: may('read') })
  const sources = status.data?.sources
  return (
    <Page title={texts.overview.title}>
      {status.error !== null && <ErrorNotice error={status.error} retry={status.refetch} />}
      <Tiles sources={sources} types={counts.data?.types} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack>
            <Decisions sources={sources} />
            <OverviewOfSources sources={sources} runs={runs.data?.runs} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack>
            <RepositorySize types={counts.data?.types} />
            <RecentRuns runs={runs.data?.runs} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  )
}
