/**
 * Whether the repository is true, at a glance.
 *
 * @module
 */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { live } from '../api/query-client.ts'
import { Page, Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'

export function OverviewPage(): ReactNode {
  const { data } = useQuery({ queryKey: ['status'], queryFn: () => ask('GET /status'), ...live })
  return (
    <Page title={texts.overview.title}>
      <Section>
        <pre>{JSON.stringify(data, null, 2)}</pre>
      </Section>
    </Page>
  )
}
