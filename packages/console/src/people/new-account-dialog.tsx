import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { texts } from '../texts/texts.ts'
import { Dialog } from './dialog.tsx'
import { NewPasswordField } from './new-password-field.tsx'
import { type AccountRole, RoleField } from './role-field.tsx'
import { useChange } from './use-change.ts'

const { accounts: words } = texts.people

export function NewAccountDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<AccountRole>('viewer')
  const [password, setPassword] = useState('')
  const body = { name, role, password, ...(email === '' ? {} : { email }) }
  const add = useChange(['accounts'], () => ask('POST /accounts', { body }), onClose)
  return (
    <Dialog
      title={words.add}
      action={words.add}
      isBusy={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <TextInput
        label={words.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
        required
        withAsterisk={false}
      />
      <TextInput
        label={words.emailIfAny}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        autoComplete="off"
      />
      <RoleField value={role} onChange={setRole} />
      <NewPasswordField label={words.firstPassword} value={password} onChange={setPassword} />
    </Dialog>
  )
}
