/**
 * Who may come in, who is in, and who did what.
 *
 * @module
 */
import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Page, Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { AccountsTab } from './accounts-tab.tsx'
import { AuditTab } from './audit-tab.tsx'
import { type PeopleTab, peopleSearch, peopleTabs } from './people-search.ts'
import { SessionsTab } from './sessions-tab.tsx'
import { TokensTab } from './tokens-tab.tsx'

const words = texts.people
const contents: Readonly<Record<PeopleTab, () => ReactNode>> = {
  accounts: AccountsTab,
  tokens: TokensTab,
  sessions: () => <SessionsTab all />,
  audit: AuditTab,
}

export function PeoplePage(): ReactNode {
  const { may } = useSession()
  const navigate = useNavigate()
  const { tab = 'accounts' } = peopleSearch(useSearch({ strict: false }))
  const Content = contents[tab]
  if (!may('administer'))
    return (
      <Page title={words.title}>
        <EmptyState title={words.notPermitted}>{words.notPermittedHelp}</EmptyState>
      </Page>
    )
  return (
    <Page title={words.title} description={words.description}>
      <Section flush>
        <Tabs
          value={tab}
          onChange={(chosen) => {
            const found = peopleTabs.find((one) => one === chosen)
            if (found !== undefined) void navigate({ to: '/people', search: { tab: found } })
          }}
          keepMounted={false}
        >
          <Tabs.List px="xs" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
            {peopleTabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {words.tabs[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={tab}>
            <Content />
          </Tabs.Panel>
        </Tabs>
      </Section>
    </Page>
  )
}
