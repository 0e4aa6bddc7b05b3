import { Badge, Button, Center, Group, Text, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { keptWithin } from '../api/query-client.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment } from '../design/moment.tsx'
import { tones } from '../design/theme.ts'
import { texts } from '../texts/texts.ts'
import { actionText } from './action-text.ts'
import { auditQuery, type PeopleSearch, peopleSearch } from './people-search.ts'

type Entry = Reply<'GET /audit'>['entries'][number]
const { audit: words } = texts.people
const toneOf = { done: 'good', refused: 'wait', failed: 'bad' } as const

const columns: readonly Column<Entry>[] = [
  { id: 'at', header: words.at, value: ({ at }) => at, cell: ({ at }) => <Moment at={at} />, width: 120 },
  { id: 'by', header: words.by, value: byText, cell: (entry) => <By {...entry} /> },
  {
    id: 'action',
    header: words.action,
    value: ({ action }) => action,
    cell: ({ action }) => actionText(action),
  },
  {
    id: 'subject',
    header: words.subject,
    value: ({ subject }) => subject,
    cell: ({ subject }) => (
      <Text span inherit ff="monospace" fz="xs" c="dimmed">
        {subject}
      </Text>
    ),
    wide: true,
  },
  { id: 'address', header: words.address, value: ({ address }) => address ?? words.here, wide: true },
  {
    id: 'result',
    header: words.result,
    value: ({ result }) => result,
    cell: (entry) => <Result {...entry} />,
  },
  { id: 'code', header: words.code, value: ({ code }) => code, wide: true },
]

function byText({ by }: Entry): string {
  return by === null ? words.unknown : by.name
}

function By(entry: Entry): ReactNode {
  const { by } = entry
  return (
    <Group gap={6} wrap="nowrap">
      <Text span inherit fw={500} c={by === null ? 'dimmed' : undefined}>
        {byText(entry)}
      </Text>
      {by !== null && by.kind !== 'person' && <Badge color="gray">{words.kinds[by.kind]}</Badge>}
    </Group>
  )
}

function Result({ result }: Entry): ReactNode {
  return <Badge color={tones[toneOf[result]]}>{words.results[result]}</Badge>
}

export function AuditTab(): ReactNode {
  const search = peopleSearch(useSearch({ strict: false }))
  const query = auditQuery(search)
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', query],
    ...keptWithin('audit'),
    queryFn: ({ pageParam }) =>
      ask('GET /audit', {
        query: { ...query, limit: 200, ...(pageParam === null ? {} : { before: pageParam }) },
      }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
  })
  const rows = useMemo(() => data?.pages.flatMap(({ entries }) => entries), [data])
  if (error !== null && data === undefined) return <ErrorNotice error={error} retry={refetch} />
  return (
    <>
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={({ position }) => String(position)}
        label={words.label}
        tools={<Filters search={search} />}
        empty={<EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
        unsorted
      />
      {hasNextPage && (
        <Center p="sm">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {texts.common.more}
          </Button>
        </Center>
      )}
    </>
  )
}

const fields = [
  ['who', 'text', 132],
  ['action', 'text', 176],
  ['from', 'date', 132],
  ['to', 'date', 132],
] as const

/** In the address, so that what was looked for can be sent to somebody. */
function Filters({ search }: { readonly search: PeopleSearch }): ReactNode {
  const navigate = useNavigate()
  const set = (part: Partial<PeopleSearch>) => {
    void navigate({
      to: '/people',
      search: peopleSearch({ ...search, tab: 'audit', ...part }),
      replace: true,
    })
  }
  return (
    <Group gap="xs">
      {fields.map(([name, type, width]) => (
        <TextInput
          key={name}
          type={type}
          w={width}
          aria-label={words.filters[name]}
          placeholder={words.filters[name]}
          title={words.filters[name]}
          defaultValue={search[name] ?? ''}
          onChange={(event) => set({ [name]: event.currentTarget.value.trim() })}
        />
      ))}
    </Group>
  )
}
