/**
 * What of a source is not in the repository as it asserts it: rejected rows, and names that nothing answers to. Each list can be
 * downloaded.
 *
 * @module
 */
import { Code, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Amount, wholeNumber } from '../design/moment.tsx'
import { PageSkeleton, Section } from '../design/page.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import { pathLabel, type ReadersLabels } from '../model/labels.ts'
import { useLabelled } from '../model/use-labels.ts'
import { RejectedList } from '../runs/rejected-list.tsx'
import { texts } from '../texts/texts.ts'
import { leftOutQuery, mostLeftOut } from './source-queries.ts'

const { leftOut: words } = texts.sources

type Reason = Reply<'GET /rejected-rows/reasons'>
type Orphan = Reply<'GET /orphans'>

function placeOf({ file, line }: Pick<Reason, 'file' | 'line'>): string {
  return line === null ? file : `${file}:${line}`
}

const reasonColumnsOf = (labels: ReadersLabels): readonly Column<Reason>[] => [
  { id: 'reason', header: words.reason, value: ({ reason }) => reason },
  labelledColumn(
    { id: 'mapping', header: words.mapping, text: ({ mapping }, as) => as.type(mapping) },
    labels,
  ),
  { id: 'column', header: words.column, value: ({ column }) => column },
  {
    id: 'rows',
    header: words.count,
    value: ({ rows }) => rows,
    cell: ({ rows }) => <Amount value={rows} />,
    align: 'right',
  },
  {
    id: 'place',
    header: words.place,
    value: placeOf,
    cell: (one) => <Code>{placeOf(one)}</Code>,
    wide: true,
  },
]

/** Ids of several, of which nobody can tell which is meant. */
function foundOf({ found, candidates }: Orphan): string {
  return candidates.length === 0 ? String(found) : candidates.map((id) => texts.resources.id(id)).join(', ')
}

/** `Person.department`, `Membership.to`. */
function whatWaits({ kind, of }: Orphan, labels: ReadersLabels): string {
  const [association = '', end] = of.split('.')
  if (kind === 'reference') return pathLabel(of, labels)
  return `${labels.type(association)}.${labels.end(association, end === 'from' ? 'from' : 'to')}`
}

function missingOf({ type, by, value }: Orphan, labels: ReadersLabels): string {
  return `${pathLabel(`${type}.${by}`, labels)} = ${labels.value(type, by, value)}`
}

const orphanColumnsOf = (labels: ReadersLabels): readonly Column<Orphan>[] => [
  labelledColumn({ id: 'of', header: words.of, text: whatWaits }, labels),
  labelledColumn(
    { id: 'missing', header: words.missing, text: missingOf, shown: (text) => <Code>{text}</Code> },
    labels,
  ),
  { id: 'found', header: words.found, value: foundOf, wide: true },
  { id: 'waiting', header: words.waiting, value: ({ waiting }) => waiting, align: 'right' },
  { id: 'example', header: words.example, value: ({ example }) => example, wide: true },
]

export function SourceLeftOut({ name }: { readonly name: string }): ReactNode {
  const { data, error, refetch } = useQuery(leftOutQuery(name))
  const reasonColumns = useLabelled(reasonColumnsOf)
  const orphanColumns = useLabelled(orphanColumnsOf)
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (data === undefined) return <PageSkeleton />
  const { reasons, orphans } = data
  if (reasons.length === 0 && orphans.length === 0)
    return (
      <Section>
        <EmptyState title={words.none}>{words.noneHelp}</EmptyState>
      </Section>
    )
  // All of them are of the last run that was applied.
  const run = reasons[0]?.run
  return (
    <Stack>
      <List
        title={words.reasons}
        name={`${name}-reasons`}
        rows={reasons}
        columns={reasonColumns}
        rowKey={({ mapping, column, reason }) => `${mapping} ${column} ${reason}`}
      />
      {run !== undefined && (
        <Section title={words.rows} flush>
          <RejectedList run={run} state="applied" name={`${name}-rejected`} maxHeight={420} empty={null} />
        </Section>
      )}
      <List
        title={words.orphans}
        name={`${name}-orphans`}
        rows={orphans}
        columns={orphanColumns}
        rowKey={({ of, value }) => `${of} ${value}`}
      />
    </Stack>
  )
}

interface ListProps<Row> {
  readonly title: string
  readonly name: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
}

function List<Row extends object>({ title, name, rows, ...table }: ListProps<Row>): ReactNode {
  if (rows.length === 0) return null
  const note = rows.length === mostLeftOut ? texts.runs.rejected.most(wholeNumber(mostLeftOut)) : undefined
  return (
    <Section title={title} aside={note} flush>
      <DataTable label={name} rows={rows} maxHeight={420} empty={null} {...table} />
    </Section>
  )
}
