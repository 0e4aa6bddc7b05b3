/**
 * What is asked before something is done to an account.
 *
 * @module
 */
import { Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { texts } from '../texts/texts.ts'
import type { Account } from './accounts-tab.tsx'
import { Dialog } from './dialog.tsx'
import { NewPasswordField } from './new-password-field.tsx'
import { RoleField } from './role-field.tsx'
import { useChange } from './use-change.ts'

interface AccountDialogProps {
  readonly account: Account
  readonly onClose: () => void
}

const { accounts: words } = texts.people
const changed = ['accounts', 'sessions']

export function RoleDialog({ account: { name, role: now }, onClose }: AccountDialogProps): ReactNode {
  const [role, setRole] = useState(now)
  const change = useChange(
    changed,
    () => ask('PATCH /accounts/:name', { params: { name }, body: { role } }),
    onClose,
  )
  return (
    <Dialog
      title={words.setRoleOf(name)}
      action={words.setRole}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <RoleField value={role} onChange={setRole} />
    </Dialog>
  )
}

export function PasswordDialog({ account: { name }, onClose }: AccountDialogProps): ReactNode {
  const [password, setPassword] = useState('')
  const change = useChange(
    changed,
    () => ask('PUT /accounts/:name/password', { params: { name }, body: { password } }),
    onClose,
  )
  return (
    <Dialog
      title={words.setPasswordOf(name)}
      action={words.setPassword}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Text size="sm">{words.endsSessions}</Text>
      <NewPasswordField value={password} onChange={setPassword} />
    </Dialog>
  )
}

export function AbleDialog({ account: { name, disabledAt }, onClose }: AccountDialogProps): ReactNode {
  const isEnabled = disabledAt === null
  const change = useChange(
    changed,
    () => ask('PATCH /accounts/:name', { params: { name }, body: { disabled: isEnabled } }),
    onClose,
  )
  return (
    <Dialog
      title={isEnabled ? words.disableOf(name) : words.enableOf(name)}
      action={isEnabled ? words.disable : words.enable}
      isDangerous={isEnabled}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Text size="sm">{isEnabled ? words.disableHelp : words.enableHelp}</Text>
    </Dialog>
  )
}

export function DeleteDialog({ account: { name }, onClose }: AccountDialogProps): ReactNode {
  const change = useChange(changed, () => ask('DELETE /accounts/:name', { params: { name } }), onClose)
  return (
    <Dialog
      title={words.deleteOf(name)}
      action={words.delete}
      isDangerous
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Text size="sm">{words.deleteHelp}</Text>
    </Dialog>
  )
}
