/**
 * One source, in tabs.
 *
 * @module
 */
import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { statusQuery } from '../api/shared-queries.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, PageSkeleton } from '../design/page.tsx'
import { oneOf } from '../runs/runs-search.ts'
import { linkTo } from '../shell/link-to.ts'
import { NothingThere } from '../shell/nothing-there.tsx'
import { texts } from '../texts/texts.ts'
import { SourceActions } from './source-actions.tsx'
import { HealthBadge } from './source-columns.tsx'
import { SourceConnection } from './source-connection.tsx'
import { SourceDefinition } from './source-definition.tsx'
import { SourceDeliveries } from './source-deliveries.tsx'
import type { SourceHealth } from './source-health.ts'
import { SourceLeftOut } from './source-left-out.tsx'
import { SourceOverview } from './source-overview.tsx'
import { definitionsQuery, type SourceRecord } from './source-queries.ts'
import { SourceReplicas } from './source-replicas.tsx'
import { SourceRuns } from './source-runs.tsx'
import { type SourceSearch, type SourceTab, sourceSearch, sourceTabs } from './sources-search.ts'

const tabNames: Readonly<Record<SourceTab, string>> = {
  ...texts.sources.tabs,
  'left-out': texts.sources.tabs.leftOut,
}

/** What a role may see without reading the repository. */
const open: readonly SourceTab[] = ['overview', 'runs', 'deliveries', 'left-out']

export function SourcePage(): ReactNode {
  const { source: name = '' }: { readonly source?: string } = useParams({ strict: false })
  const { may } = useSession()
  const { data, error, refetch } = useQuery(statusQuery)
  const definitions = useQuery({ ...definitionsQuery, enabled: may('read') })
  const record = definitions.data?.sources.find((one) => one.name === name)
  const health = data?.sources.find((one) => one.name === name)
  if (data === undefined && error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (data === undefined || (health === undefined && definitions.isPending && may('read')))
    return <PageSkeleton />
  if (health === undefined && record === undefined)
    return <NothingThere title={texts.sources.noSuch(name)} to="/sources" back={texts.sources.toAll} />
  return (
    <Page
      title={name}
      above={[[texts.sources.title, '/sources']]}
      badge={health && <HealthBadge source={health} />}
      description={record?.description ?? undefined}
      actions={health && <SourceActions source={health} />}
    >
      <SourceTabs name={name} health={health} record={record} />
    </Page>
  )
}

export interface SourceProps {
  readonly name: string
  /** `undefined`: it is gone from the files. */
  readonly health: SourceHealth | undefined
  readonly record: SourceRecord | undefined
}

export interface SearchProps {
  readonly search: SourceSearch
  readonly onSearch: (search: SourceSearch) => void
}

function SourceTabs(source: SourceProps): ReactNode {
  const search = sourceSearch(useSearch({ strict: false }))
  const navigate = useNavigate()
  const { may } = useSession()
  const { name } = source
  const go = ({ ...to }: SourceSearch) =>
    void navigate({ ...linkTo(`/sources/${encodeURIComponent(name)}`, to), replace: true })
  const { tab = 'overview' } = search
  // The rows of an open table come from whoever writes them.
  const none = source.health?.kind === 'open' ? 'connection' : undefined
  const seen = sourceTabs.filter((one) => one !== none && (may('read') || open.includes(one)))
  return (
    <Tabs value={tab} onChange={(value) => go({ tab: oneOf(sourceTabs, value) })} keepMounted={false}>
      <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
        {seen.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {tabNames[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab}>
        <TabContent source={source} search={search} onSearch={go} tab={tab} />
      </Tabs.Panel>
    </Tabs>
  )
}

interface ContentProps extends SearchProps {
  readonly tab: SourceTab
  readonly source: SourceProps
}

function TabContent({ tab, source, search, onSearch }: ContentProps): ReactNode {
  switch (tab) {
    case 'overview':
      return <SourceOverview {...source} />
    case 'definition':
      return <SourceDefinition name={source.name} />
    case 'connection':
      return <SourceConnection name={source.name} search={search} onSearch={onSearch} />
    case 'replicas':
      return <SourceReplicas {...source} search={search} onSearch={onSearch} />
    case 'runs':
      return <SourceRuns name={source.name} />
    case 'deliveries':
      return <SourceDeliveries {...source} search={search} onSearch={onSearch} />
    case 'left-out':
      return <SourceLeftOut name={source.name} />
  }
}
