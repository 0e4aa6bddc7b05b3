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
import { AccountMenu } from './account-menu.tsx'
import { NewAccountDialog } from './new-account-dialog.tsx'

export type Account = Reply<'GET /accounts'>['accounts'][number]
const { accounts: words } = texts.people

const columns: readonly Column<Account>[] = [
  { id: 'name', header: words.name, value: ({ name }) => name, cell: (account) => <Name {...account} /> },
  { id: 'role', header: words.role, value: ({ role }) => role },
  { id: 'email', header: words.email, value: ({ email }) => email, wide: true },
  { id: 'signsInBy', header: words.signsInBy, value: ({ signsInBy }) => words.by[signsInBy], wide: true },
  {
    id: 'lastSignInAt',
    header: words.lastSignIn,
    value: ({ lastSignInAt }) => lastSignInAt,
    cell: ({ lastSignInAt }) => <Moment at={lastSignInAt} />,
  },
  {
    id: 'createdAt',
    header: words.created,
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <Moment at={createdAt} />,
    wide: true,
  },
  {
    id: 'actions',
    header: texts.common.actions,
    control: true,
    value: () => null,
    cell: (account) => <AccountMenu account={account} />,
    width: 48,
  },
]

function Name({ name, disabledAt }: Account): ReactNode {
  return (
    <>
      <Text span inherit fw={500} mr={6}>
        {name}
      </Text>
      {disabledAt !== null && <Badge color="gray">{words.disabled}</Badge>}
    </>
  )
}

export function AccountsTab(): ReactNode {
  const [isAdding, setAdding] = useState(false)
  const { data, error, refetch } = useQuery({ queryKey: ['accounts'], queryFn: () => ask('GET /accounts') })
  if (error !== null && data === undefined) return <ErrorNotice error={error} retry={refetch} />
  const add = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  )
  return (
    <>
      <DataTable
        rows={data?.accounts}
        columns={columns}
        rowKey={({ name }) => name}
        label={words.label}
        tools={add}
        empty={<EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
      />
      {isAdding && <NewAccountDialog onClose={() => setAdding(false)} />}
    </>
  )
}
