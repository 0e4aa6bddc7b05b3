/**
 * The queue of rows that several resources match, and a place to try rows out.
 *
 * @module
 */
import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { Page } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { MatchQueue } from './match-queue.tsx'
import { RowTest } from './row-test.tsx'
import { useMatchView } from './use-match-view.ts'

export function MatchesPage(): ReactNode {
  const [{ tab }, change] = useMatchView()
  return (
    <Page title={texts.matches.title} description={texts.matches.description}>
      <Tabs
        value={tab}
        onChange={(chosen) => change({ tab: chosen === 'test' ? 'test' : 'queue' })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="queue">{texts.matches.queue}</Tabs.Tab>
          <Tabs.Tab value="test">{texts.matches.test}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="queue">
          <MatchQueue />
        </Tabs.Panel>
        <Tabs.Panel value="test">
          <RowTest />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
