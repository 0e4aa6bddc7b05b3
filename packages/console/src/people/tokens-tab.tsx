import { Badge, Button, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Moment } from '../design/moment.tsx'
import { texts } from '../texts/texts.ts'
import { Dialog } from './dialog.tsx'
import { NewTokenDialog } from './new-token-dialog.tsx'
import { useChange } from './use-change.ts'

type Token = Reply<'GET /tokens'>['tokens'][number]
const { tokens: words } = texts.people

const columns: readonly Column<Token>[] = [
  { id: 'name', header: words.name, value: ({ name }) => name, cell: (token) => <Name {...token} /> },
  { id: 'role', header: words.role, value: ({ role }) => role },
  {
    id: 'sources',
    header: words.sources,
    value: ({ sources }) => (sources.length === 0 ? words.all : sources.join(', ')),
    wide: true,
  },
  {
    id: 'createdAt',
    header: words.created,
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <Moment at={createdAt} />,
    wide: true,
  },
  { id: 'createdBy', header: words.createdBy, value: ({ createdBy }) => createdBy, wide: true },
  {
    id: 'expiresAt',
    header: words.expires,
    value: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => (expiresAt === null ? words.never : <Moment at={expiresAt} />),
    wide: true,
  },
  {
    id: 'lastUsedAt',
    header: words.lastUsed,
    value: ({ lastUsedAt }) => lastUsedAt,
    cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} />,
  },
  {
    id: 'actions',
    header: texts.common.actions,
    control: true,
    value: () => null,
    cell: (token) => <Revoke token={token} />,
    align: 'right',
  },
]

function Name({ name, expiresAt }: Token): ReactNode {
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= Date.now()
  return (
    <>
      <Text span inherit fw={500} mr={6}>
        {name}
      </Text>
      {isOver && <Badge color="gray">{words.expired}</Badge>}
    </>
  )
}

function Revoke({ token: { name } }: { readonly token: Token }): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const close = () => setAsking(false)
  const revoke = useChange(
    ['tokens', 'sessions'],
    () => ask('DELETE /tokens/:name', { params: { name } }),
    close,
  )
  return (
    <>
      <Button size="compact-xs" variant="subtle" color="red" onClick={() => setAsking(true)}>
        {words.revoke}
      </Button>
      {isAsking && (
        <Dialog
          title={words.revokeOf(name)}
          action={words.revoke}
          isDangerous
          isBusy={revoke.isPending}
          error={revoke.error}
          onSubmit={() => revoke.mutate()}
          onClose={close}
        >
          <Text size="sm" ta="left">
            {words.revokeHelp}
          </Text>
        </Dialog>
      )}
    </>
  )
}

export function TokensTab(): ReactNode {
  const [isMaking, setMaking] = useState(false)
  const { data, error, refetch } = useQuery({ queryKey: ['tokens'], queryFn: () => ask('GET /tokens') })
  if (error !== null && data === undefined) return <ErrorNotice error={error} retry={refetch} />
  const make = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
      {words.make}
    </Button>
  )
  return (
    <>
      <DataTable
        rows={data?.tokens}
        columns={columns}
        rowKey={({ name }) => name}
        label={words.label}
        tools={make}
        empty={<EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
      />
      {isMaking && <NewTokenDialog onClose={() => setMaking(false)} />}
    </>
  )
}
