import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { texts } from '../texts/texts.ts'
import { SignInError } from './sign-in-error.tsx'
import { useSignIn } from './use-sign-in.ts'

const { signIn: words } = texts.people

/** `name`: of whoever was signed in until now, and is to be so again. */
export function PasswordForm({ name: known }: { readonly name?: string }): ReactNode {
  const [name, setName] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const { isBusy, error, signIn } = useSignIn()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!(await signIn({ name, password }))) setPassword('')
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          label={words.name}
          size="sm"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          readOnly={known !== undefined}
          autoFocus={known === undefined}
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={words.password}
          size="sm"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoFocus={known !== undefined}
          data-autofocus={known !== undefined || undefined}
          required
          withAsterisk={false}
        />
        <SignInError error={error} />
        <Button type="submit" size="sm" loading={isBusy} fullWidth>
          {words.title}
        </Button>
      </Stack>
    </form>
  )
}
