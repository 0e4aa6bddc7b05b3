import { Badge, Button, Group, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { live } from '../api/query-client.ts'
import { useSession } from '../api/session.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment } from '../design/moment.tsx'
import { texts } from '../texts/texts.ts'
import { browserName } from './browser-name.ts'
import { useChange } from './use-change.ts'

type One = Reply<'GET /sessions'>['sessions'][number]
const { sessions: words } = texts.people

const who: Column<One> = {
  id: 'name',
  header: words.who,
  value: ({ name }) => name,
  cell: ({ name, kind }) => (
    <Group gap={6} wrap="nowrap">
      <Text span inherit fw={500}>
        {name}
      </Text>
      {kind === 'token' && <Badge color="gray">{words.token}</Badge>}
    </Group>
  ),
}

function columnsFor(all: boolean): readonly Column<One>[] {
  return [
    ...(all ? [who] : []),
    {
      id: 'browser',
      header: words.browser,
      value: ({ userAgent }) => userAgent,
      cell: (session) => <Browser {...session} />,
    },
    { id: 'address', header: words.address, value: ({ address }) => address, wide: true },
    {
      id: 'createdAt',
      header: words.since,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
      wide: true,
    },
    {
      id: 'lastSeenAt',
      header: words.lastSeen,
      value: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} />,
    },
    {
      id: 'endsAt',
      header: words.ends,
      value: ({ endsAt }) => endsAt,
      cell: ({ endsAt }) => <Moment at={endsAt} />,
      wide: true,
    },
    {
      id: 'actions',
      header: texts.common.actions,
      control: true,
      value: () => null,
      cell: (session) => <End id={session.id} />,
      align: 'right',
    },
  ]
}

function Browser({ id, userAgent }: One): ReactNode {
  const { session } = useSession().who
  return (
    <Group gap={6} wrap="nowrap">
      <Tooltip label={userAgent ?? ''} disabled={userAgent === null}>
        <span>{browserName(userAgent)}</span>
      </Tooltip>
      {session?.id === id && <Badge color="teal">{words.thisOne}</Badge>}
    </Group>
  )
}

function End({ id }: { readonly id: string }): ReactNode {
  const { who: mine, signOut } = useSession()
  const isThis = mine.session?.id === id
  const end = useChange(['sessions'], () =>
    isThis ? signOut() : ask('DELETE /sessions/:session', { params: { session: id } }),
  )
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color={isThis ? 'gray' : 'red'}
      loading={end.isPending}
      onClick={() => end.mutate()}
    >
      {isThis ? texts.common.signOut : words.end}
    </Button>
  )
}

/** `all`: of everybody, for administrators. */
export function SessionsTab({ all = false }: { readonly all?: boolean }): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['sessions', all],
    queryFn: () => ask('GET /sessions', { query: { all } }),
    ...live,
  })
  const columns = useMemo(() => columnsFor(all), [all])
  if (error !== null && data === undefined) return <ErrorNotice error={error} retry={refetch} />
  return (
    <DataTable
      rows={data?.sessions}
      columns={columns}
      rowKey={({ id }) => id}
      label={words.label}
      empty={<EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
    />
  )
}
