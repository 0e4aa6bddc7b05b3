/**
 * What was ordered, what was carried out, what contradicts it, by system and age.
 *
 * @module
 */
import { Group, Select, Switch, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, Section } from '../design/page.tsx'
import { useModel } from '../model/use-model.ts'
import { texts } from '../texts/texts.ts'
import { AddOrder } from './order-form.tsx'
import { OrderTable } from './order-table.tsx'
import { type OrderView, orderStateNames, readOrderView, writeOrderView } from './order-view.ts'
import { ordersBySystem } from './orders-by-system.ts'
import { SystemTable } from './system-table.tsx'
import { useOrderCounts, useOrders } from './use-orders.ts'

export function OrdersPage(): ReactNode {
  const view = readOrderView(useSearch({ strict: false }))
  const navigate = useNavigate()
  const { may } = useSession()
  const orders = useOrders(view)
  const { error, refetch } = orders
  const { data } = useOrderCounts(view)
  const change = (changes: Partial<OrderView>) =>
    void navigate({ to: '.', search: () => writeOrderView({ ...view, ...changes }), replace: true })
  return (
    <Page
      title={texts.orders.title}
      description={texts.orders.description}
      actions={may('edit') && <AddOrder />}
    >
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      {data !== undefined && data.counts.length > 0 && (
        <Section title={texts.orders.bySystem} flush>
          <SystemTable systems={ordersBySystem(data.counts)} onOpen={(source) => change({ source })} />
        </Section>
      )}
      <Section flush>
        <OrderTable
          {...orders}
          tools={
            <>
              <Filters view={view} change={change} />
              {data !== undefined && <HowMany counts={data.counts} />}
            </>
          }
          empty={<Nothing filtered={Object.keys(writeOrderView(view)).length > 0} />}
        />
      </Section>
    </Page>
  )
}

function HowMany({ counts }: { readonly counts: readonly { readonly count: number }[] }): ReactNode {
  const count = counts.reduce((sum, one) => sum + one.count, 0)
  return (
    <Text size="xs" c="dimmed" role="status">
      {texts.orders.count(count)}
    </Text>
  )
}

function Nothing({ filtered }: { readonly filtered: boolean }): ReactNode {
  return filtered ? (
    <EmptyState title={texts.orders.noneFound}>{texts.orders.noneFoundHelp}</EmptyState>
  ) : (
    <EmptyState title={texts.orders.none}>{texts.orders.noneHelp}</EmptyState>
  )
}

interface FiltersProps {
  readonly view: OrderView
  readonly change: (changes: Partial<OrderView>) => void
}

function Filters({ view, change }: FiltersProps): ReactNode {
  const { model } = useModel()
  return (
    <Group gap="xs">
      <Select
        aria-label={texts.orders.source}
        placeholder={texts.orders.allSources}
        data={(model?.sources ?? []).map(({ name }) => name)}
        value={view.source ?? null}
        clearable
        w={150}
        onChange={(source) => change({ source: source ?? undefined })}
      />
      <Select
        aria-label={texts.orders.state}
        placeholder={texts.orders.allStates}
        data={orderStateNames.map((state) => ({ value: state, label: texts.orders.states[state] }))}
        value={view.state ?? null}
        clearable
        w={150}
        onChange={(state) => change({ state: orderStateNames.find((one) => one === state) })}
      />
      <Switch
        size="xs"
        label={texts.orders.differing}
        checked={view.differing}
        onChange={(event) => change({ differing: event.currentTarget.checked })}
      />
    </Group>
  )
}
