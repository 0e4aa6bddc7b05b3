/**
 * The changes of a run, however many there are: by kind, found by key, each side by side with what it was.
 *
 * @module
 */
import { Text, TextInput } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import type { Change, RunReport, SummarizedType } from '@sluice/model'
import { IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { labelledColumn } from '../model/labelled-column.ts'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabelled } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { ChangeDetails } from './change-details.tsx'
import { ChangeFacets } from './change-facets.tsx'
import { identityOf, lineOf, nameOf, typeOf } from './change-values.ts'
import { OperationBadge } from './operation-badge.tsx'
import { changesQuery, summaryQuery } from './run-queries.ts'
import classes from './runs.module.css'
import type { RunSearch } from './runs-search.ts'

const { changes: words } = texts.runs

const columnsOf = (labels: ReadersLabels): readonly Column<Change>[] => [
  {
    id: 'operation',
    header: words.operation,
    value: ({ operation }) => operation,
    cell: ({ operation }) => <OperationBadge operation={operation} />,
    width: 100,
  },
  labelledColumn(
    {
      id: 'type',
      header: words.type,
      text: (change, as) => as.type(typeOf(change)),
      width: 120,
      wide: true,
    },
    labels,
  ),
  { id: 'key', header: words.key, value: nameOf },
  labelledColumn(
    { id: 'what', header: words.what, text: lineOf, shown: (text) => <span title={text}>{text}</span> },
    labels,
  ),
]

interface ChangesViewProps {
  readonly report: RunReport
  readonly search: RunSearch
  readonly onSearch: (search: RunSearch) => void
}

export function ChangesView({ report, search, onSearch }: ChangesViewProps): ReactNode {
  const { type, operation, property, key } = search
  const columns = useLabelled(columnsOf)
  const summary = useQuery(summaryQuery(report))
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(
    changesQuery(report, { type, operation, property, key }),
  )
  const rows = useMemo(() => data?.pages.flatMap((page) => page.changes), [data])
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const open = (change: Change | undefined) => onSearch({ ...search, change: change && identityOf(change) })
  const looked = rows?.findIndex((one) => identityOf(one) === search.change) ?? -1
  const step = (by: 1 | -1) => {
    const next = rows?.[looked + by]
    if (next !== undefined) open(next)
  }
  useHotkeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
  ])
  return (
    <Section flush>
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      <div className={classes['changes']}>
        <ChangeFacets
          types={summary.data?.types}
          chosen={{ type, operation, property }}
          onChoose={(chosen) => onSearch({ ...search, ...chosen, change: undefined })}
        />
        <div>
          <DataTable
            label={`run-${report.run}-changes`}
            rows={error === null ? rows : []}
            columns={columns}
            rowKey={identityOf}
            onOpen={open}
            selected={search.change}
            unsorted
            onEnd={more}
            tools={<Tools search={search} onSearch={onSearch} />}
            empty={<EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
          />
          <Shown rows={rows?.length} total={totalOf(summary.data?.types, search)} />
        </div>
      </div>
      <ChangeDetails
        change={rows?.[looked]}
        isApplied={report.state === 'applied'}
        onClose={() => open(undefined)}
        onStep={step}
      />
    </Section>
  )
}

/** Typed text is asked for when the typing pauses. */
function Tools({ search, onSearch }: Omit<ChangesViewProps, 'report'>): ReactNode {
  const [text, setText] = useState(search.key ?? '')
  const ask = useDebouncedCallback(
    (key: string) => onSearch({ ...search, key: key === '' ? undefined : key, change: undefined }),
    250,
  )
  return (
    <TextInput
      type="search"
      aria-label={words.search}
      placeholder={words.search}
      leftSection={<IconSearch size={14} />}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value)
        ask(value)
      }}
      w={200}
    />
  )
}

interface ShownProps {
  readonly rows: number | undefined
  /** `undefined`: nobody has counted what is asked for. */
  readonly total: number | undefined
}

function Shown({ rows, total }: ShownProps): ReactNode {
  if (rows === undefined || rows === 0) return null
  const count = wholeNumber(rows)
  return (
    <Text size="xs" c="dimmed" px="sm" py={6} aria-live="polite">
      {total === undefined ? texts.common.rows(count) : words.loaded(count, wholeNumber(total))}
    </Text>
  )
}

function totalOf(
  types: readonly SummarizedType[] | undefined,
  { type, operation, property, key }: RunSearch,
): number | undefined {
  if (types === undefined || key !== undefined) return undefined
  const counts = types
    .filter((one) => type === undefined || one.type === type)
    .map((one) => {
      if (property !== undefined)
        return one.properties.find((changed) => changed.property === property)?.changes ?? 0
      const { inserted: insert, updated: update, deleted } = one
      const by = { insert, update, delete: deleted }
      return operation === undefined ? insert + update + deleted : by[operation]
    })
  return counts.reduce((sum, count) => sum + count, 0)
}
