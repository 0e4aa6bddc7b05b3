/**
 * What is around a resource: drawn, or as a list.
 *
 * @module
 */
import { Anchor, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import type { DrawnEdge, DrawnNode } from '../design/graph-view.tsx'
import { Graph } from '../design/lazy-graph.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import { pathLabel, type ReadersLabels } from '../model/labels.ts'
import { useLabelled, useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { type Collapsed, collapseLeaves } from './collapse-leaves.ts'
import { type Neighbours, useNeighbours } from './use-neighbours.ts'
import { useResourceView } from './use-resource-view.ts'

type Near = Neighbours['resources'][number]

/** More of them nobody can look at. */
const mostDrawn = 80
const mostLeaves = 7

interface NeighbourhoodProps {
  readonly type: string
  readonly id: string
  readonly name: string
}

export function Neighbourhood({ type, id, name }: NeighbourhoodProps): ReactNode {
  const [{ depth, as }, change] = useResourceView()
  const { data, error, refetch } = useNeighbours(type, id, depth, as === 'list' ? 1000 : mostDrawn)
  return (
    <Stack gap="xs" p="md">
      <Group justify="space-between">
        <Group gap="xs">
          <Text size="sm" id="depth">
            {texts.resources.depth}
          </Text>
          <SegmentedControl
            size="xs"
            aria-labelledby="depth"
            data={['1', '2', '3']}
            value={String(depth)}
            onChange={(value) => change({ depth: Number(value) })}
          />
        </Group>
        <SegmentedControl
          size="xs"
          aria-label={texts.resources.graphOrList}
          data={[
            { value: 'graph', label: texts.resources.graph },
            { value: 'list', label: texts.resources.list },
          ]}
          value={as}
          onChange={(value) => change({ as: value === 'list' ? 'list' : 'graph' })}
        />
      </Group>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      {data === undefined ? (
        error === null && <Skeleton h={480} />
      ) : (
        <Around near={data} as={as} name={name} />
      )}
    </Stack>
  )
}

interface AroundProps {
  readonly near: Neighbours
  readonly as: 'graph' | 'list'
  readonly name: string
}

function Around({ near, as, name }: AroundProps): ReactNode {
  const { resources, more } = near
  if (resources.length === 1)
    return <EmptyState title={texts.resources.noLinks}>{texts.resources.noLinksHelp}</EmptyState>
  return (
    <>
      {as === 'list' ? <NearList resources={resources} name={name} /> : <NearGraph near={near} name={name} />}
      <Text size="xs" c="dimmed">
        {as === 'graph' && texts.resources.graphHelp}{' '}
        {more && texts.resources.moreNear(wholeNumber(resources.length))}
      </Text>
    </>
  )
}

function NearGraph({ near, name }: { readonly near: Neighbours; readonly name: string }): ReactNode {
  const navigate = useNavigate()
  const { start } = near
  const labels = useLabels()
  const collapsed = useMemo(() => collapseLeaves(near, mostLeaves), [near])
  const nodes = useMemo(() => nodesOf(collapsed, labels), [collapsed, labels])
  const edges = useMemo(() => edgesOf(collapsed, labels), [collapsed, labels])
  const open = useCallback(
    (id: string) => {
      const bundle = collapsed.bundles.find((one) => one.id === id)
      const target = bundle?.on ?? id
      const found = near.resources.find(({ resourceId }) => resourceId === target)
      if (found === undefined || id === start) return
      const search = { tab: bundle === undefined ? 'graph' : 'links' }
      void navigate({ to: resourceAddress(found.entityType, target), search })
    },
    [navigate, near, start, collapsed],
  )
  return <Graph nodes={nodes} edges={edges} label={texts.resources.graphLabel(name)} onOpen={open} />
}

function nodesOf({ resources, bundles, start }: Collapsed, labels: ReadersLabels): readonly DrawnNode[] {
  return [
    ...resources.map(({ resourceId, entityType, display }) => ({
      id: resourceId,
      title: display ?? `#${resourceId}`,
      subtitle: labels.type(entityType),
      main: resourceId === start,
    })),
    ...bundles.map(({ id, name, count }) => ({
      id,
      title: texts.resources.others(wholeNumber(count)),
      subtitle: name.includes('.') ? pathLabel(name, labels) : labels.type(name),
    })),
  ]
}

function edgesOf({ links, bundles }: Collapsed, labels: ReadersLabels): readonly DrawnEdge[] {
  return [
    ...links.map(({ kind, name, from, to }) => ({
      id: `${name} ${from} ${to}`,
      from,
      to,
      label: shortLabel(name, labels),
      dashed: kind === 'reference',
    })),
    ...bundles.map(({ id, on, name, end }) => ({
      id: `to ${id}`,
      from: end === 'from' ? on : id,
      to: end === 'from' ? id : on,
      label: shortLabel(name, labels),
      dashed: true,
    })),
  ]
}

/** Of `Person.manager` the property: which type it is of stands in the node. */
function shortLabel(name: string, labels: ReadersLabels): string {
  const [type = '', property] = name.split('.')
  return property === undefined ? labels.type(type) : labels.property(type, property)
}

const columnsOf = (labels: ReadersLabels): readonly Column<Near>[] => [
  {
    id: 'resource',
    header: texts.resources.other,
    value: ({ display, resourceId }) => display ?? `#${resourceId}`,
    cell: ({ display, resourceId, entityType }) => (
      <Anchor component={Link} to={resourceAddress(entityType, resourceId)} inherit>
        {display ?? `#${resourceId}`}
      </Anchor>
    ),
  },
  labelledColumn(
    { id: 'type', header: texts.resources.type, text: ({ entityType }, as) => as.type(entityType) },
    labels,
  ),
  {
    id: 'depth',
    header: texts.resources.depth,
    value: ({ depth }) => depth,
    cell: ({ depth }) => texts.resources.steps(depth),
  },
  {
    id: 'sources',
    header: texts.resources.origin,
    wide: true,
    value: ({ replicas }) => replicas.map(({ source, key }) => `${source} ${key}`).join(', '),
  },
]

function NearList({
  resources,
  name,
}: {
  readonly resources: readonly Near[]
  readonly name: string
}): ReactNode {
  const columns = useLabelled(columnsOf)
  return (
    <DataTable
      rows={resources.slice(1)}
      columns={columns}
      rowKey={({ resourceId }) => resourceId}
      label={texts.resources.graphLabel(name)}
      empty={null}
    />
  )
}
