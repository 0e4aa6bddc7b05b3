/** @module */
import { Anchor, Badge, Group, Progress, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Reply } from '../api/ask.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Amount } from '../design/moment.tsx'
import { linkTo } from '../shell/link-to.ts'
import { texts } from '../texts/texts.ts'
import { knownShare } from './known-share.ts'

type Quality = Reply<'GET /quality/:entityType'>

interface Row {
  readonly type: string
  readonly property: string
  readonly required: boolean
  readonly missing: number
  readonly share: number
  readonly orphans: number
  readonly flapping: number
}

export function PropertiesTable({ quality }: { readonly quality: Quality | undefined }): ReactNode {
  const rows = useMemo(
    () =>
      quality?.properties.map(
        ({ property, required, filled, orphans, flapping }): Row => ({
          type: quality.type,
          property,
          required,
          missing: quality.resources - filled,
          share: knownShare(filled, quality.resources),
          orphans,
          flapping,
        }),
      ),
    [quality],
  )
  if (quality?.resources === 0) return <EmptyState title={texts.health.noResources} />
  return (
    <DataTable
      rows={rows}
      columns={columns}
      rowKey={({ property }) => property}
      label={texts.health.properties(quality?.type ?? '')}
      empty={<EmptyState title={texts.health.noResources} />}
    />
  )
}

const heads = texts.health.columns

const columns: readonly Column<Row>[] = [
  {
    id: 'property',
    header: heads.property,
    value: ({ property }) => property,
    cell: ({ property, required }) => (
      <Group gap={6}>
        <Text size="sm" fw={600}>
          {property}
        </Text>
        {required && <Badge color="gray">{texts.health.required}</Badge>}
      </Group>
    ),
  },
  {
    id: 'known',
    header: heads.filled,
    value: ({ share }) => share,
    cell: ({ share, property }) => (
      <Group gap="xs" wrap="nowrap">
        <Progress
          value={share}
          w={120}
          size="sm"
          visibleFrom="sm"
          color={share >= 95 ? 'teal' : share >= 70 ? 'yellow' : 'red'}
          aria-label={`${heads.filled}: ${property}`}
        />
        <Text size="sm">{share} %</Text>
      </Group>
    ),
  },
  {
    id: 'missing',
    header: heads.missing,
    help: texts.health.missingHelp,
    value: ({ missing }) => missing,
    cell: ({ type, property, missing }) => (
      <Counted value={missing} to={`/resources/${encodeURIComponent(type)}`} where={`!${property}`} />
    ),
    align: 'right',
  },
  {
    id: 'orphans',
    header: heads.orphans,
    help: texts.health.orphansHelp,
    value: ({ orphans }) => orphans,
    cell: ({ type, property, orphans }) => (
      <Counted value={orphans} to={`/resources/${encodeURIComponent(type)}`} where={`!${property}`} />
    ),
    align: 'right',
  },
  {
    id: 'flapping',
    header: heads.flapping,
    help: texts.health.flappingHelp,
    value: ({ flapping }) => flapping,
    align: 'right',
    wide: true,
  },
]

interface CountedProps {
  readonly value: number
  readonly to: string
  readonly where: string
}

function Counted({ value, to, where }: CountedProps): ReactNode {
  if (value === 0) return <Amount value={0} />
  return (
    <Anchor component={Link} {...linkTo(to, { where: [where] })} size="sm">
      <Amount value={value} />
    </Anchor>
  )
}
