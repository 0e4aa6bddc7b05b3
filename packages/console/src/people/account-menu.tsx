import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { texts } from '../texts/texts.ts'
import { AbleDialog, DeleteDialog, PasswordDialog, RoleDialog } from './account-dialogs.tsx'
import type { Account } from './accounts-tab.tsx'

const { accounts: words } = texts.people
const dialogs = {
  role: RoleDialog,
  password: PasswordDialog,
  able: AbleDialog,
  delete: DeleteDialog,
} as const

/** What can be done with an account; not by which its own person would keep himself out. */
export function AccountMenu({ account }: { readonly account: Account }): ReactNode {
  const { who } = useSession()
  const [open, setOpen] = useState<keyof typeof dialogs>()
  const Dialog = open && dialogs[open]
  const isOwn = who.kind === 'account' && who.name === account.name
  const isLocal = account.signsInBy === 'password'
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon size="sm" aria-label={words.actionsFor(account.name)}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!isLocal || isOwn} onClick={() => setOpen('role')}>
            {words.setRole}
          </Menu.Item>
          <Menu.Item disabled={!isLocal || isOwn} onClick={() => setOpen('password')}>
            {words.setPassword}
          </Menu.Item>
          <Menu.Item disabled={isOwn} onClick={() => setOpen('able')}>
            {account.disabledAt === null ? words.disable : words.enable}
          </Menu.Item>
          <Menu.Item color="red.8" disabled={isOwn} onClick={() => setOpen('delete')}>
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {Dialog !== undefined && <Dialog account={account} onClose={() => setOpen(undefined)} />}
    </>
  )
}
