/**
 * One run: what it did or would do, from where, by whom; and what is to be decided about it.
 *
 * @module
 */
import { Anchor, Tabs } from '@mantine/core'
import type { RunReport } from '@sluice/model'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api-errors.ts'
import { Copy } from '../design/copy.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { durationText, Moment } from '../design/moment.tsx'
import { Page, PageSkeleton, Section } from '../design/page.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { NothingThere } from '../shell/nothing-there.tsx'
import { texts } from '../texts/texts.ts'
import { ChangesView } from './changes-view.tsx'
import { HeldPanel } from './held-panel.tsx'
import { RejectedRows } from './rejected-rows.tsx'
import { RevertRun } from './revert-run.tsx'
import { factsOf } from './run-facts.ts'
import { runQuery } from './run-queries.ts'
import { RunLog, RunSummary } from './run-summary.tsx'
import classes from './runs.module.css'
import { oneOf, type RunSearch, runSearch, runTabs } from './runs-search.ts'

export function RunPage(): ReactNode {
  const { run = '' }: { readonly run?: string } = useParams({ strict: false })
  const { data, error, refetch } = useQuery(runQuery(Number(run)))
  if (error instanceof ApiError && error.status === 404)
    return <NothingThere title={error.message} to="/runs" back={texts.runs.toAll} />
  if (data === undefined)
    return error === null ? <PageSkeleton /> : <ErrorNotice error={error} retry={refetch} />
  return (
    <Page
      title={texts.runs.run(Number(run))}
      above={[[texts.runs.title, '/runs']]}
      badge={<StateBadge state={data.state} />}
      actions={<RevertRun report={data} />}
    >
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      {data.state === 'held' && <HeldPanel report={data} />}
      <Section>
        <Facts report={data} />
      </Section>
      <RunTabs report={data} />
    </Page>
  )
}

function RunTabs({ report }: { readonly report: RunReport }): ReactNode {
  const search = runSearch(useSearch({ strict: false }))
  const navigate = useNavigate()
  const go = (to: RunSearch) => void navigate({ to: `/runs/${report.run}`, search: to, replace: true })
  const { tab = 'summary' } = search
  return (
    <Tabs
      value={tab}
      onChange={(value) => go({ tab: oneOf(runTabs, value) })}
      keepMounted={false}
      variant="default"
    >
      <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
        {runTabs.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {texts.runs.tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="summary">
        <RunSummary report={report} />
      </Tabs.Panel>
      <Tabs.Panel value="changes">
        <ChangesView report={report} search={search} onSearch={go} />
      </Tabs.Panel>
      <Tabs.Panel value="rejected">
        <RejectedRows report={report} />
      </Tabs.Panel>
      <Tabs.Panel value="log">
        <RunLog report={report} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Facts({ report }: { readonly report: RunReport }): ReactNode {
  const { facts } = texts.runs
  const { source, cause, by, mode, startedAt, finishedAt, delivery, comment, decision } = report
  const { duration } = factsOf(report)
  return (
    <dl className={classes['facts']}>
      {source !== null && (
        <Fact name={facts.source}>
          <Anchor component={Link} to={`/sources/${encodeURIComponent(source)}`} inherit>
            {source}
          </Anchor>
        </Fact>
      )}
      <Fact name={facts.cause}>{texts.runs.causes[cause]}</Fact>
      <Fact name={facts.by}>{by.name}</Fact>
      {mode !== null && <Fact name={facts.mode}>{mode}</Fact>}
      <Fact name={facts.started}>
        <Moment at={startedAt} />
      </Fact>
      {finishedAt !== null && (
        <Fact name={facts.finished}>
          <Moment at={finishedAt} />
        </Fact>
      )}
      {duration !== undefined && <Fact name={facts.duration}>{durationText(duration)}</Fact>}
      {delivery !== null && (
        <Fact name={facts.delivery}>
          {delivery.slice(0, 8)} <Copy value={delivery} />
        </Fact>
      )}
      {typeof comment === 'string' && (
        <Fact wide name={facts.comment}>
          {comment}
        </Fact>
      )}
      {decision !== null && (
        <Fact wide name={facts.decided}>
          {decision.by}, <Moment at={decision.at} />
          {decision.reason !== null && `: ${decision.reason}`}
        </Fact>
      )}
      <OtherRuns report={report} />
    </dl>
  )
}

function OtherRuns({ report }: { readonly report: RunReport }): ReactNode {
  return (['reverts', 'revertedBy', 'retries', 'replacedBy'] as const).map((name) => {
    const run = report[name]
    if (typeof run !== 'number') return null
    return (
      <Fact key={name} name={texts.runs.facts[name]}>
        <Anchor component={Link} to={`/runs/${run}`} inherit>
          {texts.runs.run(run)}
        </Anchor>
      </Fact>
    )
  })
}

interface FactProps {
  readonly name: string
  /** It is a sentence. */
  readonly wide?: boolean
  readonly children: ReactNode
}

function Fact({ name, wide = false, children }: FactProps): ReactNode {
  return (
    <div className={wide ? classes['wide'] : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
