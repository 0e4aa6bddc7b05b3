/** @module */
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Column } from '../design/data-table.tsx'
import { Amount, Moment } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { linkTo } from '../shell/link-to.ts'
import { appliedColumn, nameColumn } from '../sources/source-columns.tsx'
import type { SourceHealth } from '../sources/source-health.ts'
import { SourcesTable } from '../sources/sources-table.tsx'
import { texts } from '../texts/texts.ts'

export function SourcesHealth({
  sources,
}: {
  readonly sources: readonly SourceHealth[] | undefined
}): ReactNode {
  return (
    <Section title={texts.health.sources} flush>
      <SourcesTable rows={sources} columns={columns} />
    </Section>
  )
}

const heads = texts.health.columns

const columns: readonly Column<SourceHealth>[] = [
  nameColumn,
  appliedColumn,
  {
    id: 'due',
    header: heads.due,
    value: ({ dueAt }) => dueAt,
    cell: ({ dueAt }) => <Moment at={dueAt} />,
    wide: true,
  },
  counted('rejected', heads.rejected, ({ rejected }) => rejected, 'left-out'),
  counted('faulty', heads.faulty, ({ faulty }) => faulty, 'replicas', { errors: true }),
  counted('orphans', heads.orphans, ({ orphans }) => orphans, 'left-out'),
  {
    id: 'doubtful',
    header: heads.doubtful,
    value: ({ doubtful }) => doubtful,
    cell: ({ name, doubtful }) => <ListBehind value={doubtful} {...linkTo('/matches', { source: name })} />,
    align: 'right',
  },
]

function counted(
  id: string,
  header: string,
  value: (source: SourceHealth) => number,
  tab: string,
  search: Readonly<Record<string, boolean>> = {},
): Column<SourceHealth> {
  return {
    id,
    header,
    value,
    cell: (source) => (
      <ListBehind
        value={value(source)}
        {...linkTo(`/sources/${encodeURIComponent(source.name)}`, { tab, ...search })}
      />
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
