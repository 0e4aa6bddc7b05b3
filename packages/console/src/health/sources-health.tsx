/** @module */
import { Anchor, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Amount, Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { linkTo } from '../shell/link-to.ts'
import { texts } from '../texts/texts.ts'

type Source = Reply<'GET /status'>['sources'][number]

export function SourcesHealth({ sources }: { readonly sources: readonly Source[] | undefined }): ReactNode {
  const navigate = useNavigate()
  return (
    <Section title={texts.health.sources} flush>
      <DataTable
        rows={sources}
        columns={columns}
        rowKey={({ name }) => name}
        label={texts.health.sources}
        onOpen={({ name }) => void navigate({ to: `/sources/${encodeURIComponent(name)}` })}
        empty={<EmptyState title={texts.overview.noSources}>{texts.overview.noSourcesHelp}</EmptyState>}
      />
    </Section>
  )
}

const heads = texts.health.columns

const columns: readonly Column<Source>[] = [
  {
    id: 'source',
    header: heads.source,
    value: ({ name }) => name,
    cell: ({ name }) => (
      <Text size="sm" fw={600}>
        {name}
      </Text>
    ),
  },
  {
    id: 'applied',
    header: heads.applied,
    value: ({ lastApplied }) => lastApplied?.finishedAt,
    cell: ({ lastApplied }) => <Moment at={lastApplied?.finishedAt} />,
  },
  {
    id: 'due',
    header: heads.due,
    value: ({ dueAt }) => dueAt,
    cell: ({ dueAt }) => <Moment at={dueAt} />,
    wide: true,
  },
  counted('rejected', heads.rejected, ({ rejected }) => rejected, 'left-out'),
  counted('faulty', heads.faulty, ({ faulty }) => faulty, 'replicas'),
  counted('orphans', heads.orphans, ({ orphans }) => orphans, 'left-out'),
  {
    id: 'doubtful',
    header: heads.doubtful,
    value: ({ doubtful }) => doubtful,
    cell: ({ name, doubtful }) => <ListBehind value={doubtful} {...linkTo('/matches', { source: name })} />,
    align: 'right',
  },
]

function counted(id: string, header: string, value: (source: Source) => number, tab: string): Column<Source> {
  return {
    id,
    header,
    value,
    cell: (source) => (
      <ListBehind value={value(source)} {...linkTo(`/sources/${encodeURIComponent(source.name)}`, { tab })} />
    ),
    align: 'right',
    wide: id !== 'rejected',
  }
}

interface ListBehindProps {
  readonly value: number
  readonly to: string
  readonly search: never
}

function ListBehind({ value, ...place }: ListBehindProps): ReactNode {
  if (value === 0) return <Amount value={0} />
  return (
    <Anchor component={Link} {...place} size="sm" onClick={(event) => event.stopPropagation()}>
      <Amount value={value} />
    </Anchor>
  )
}
