import { Button, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { WithCode } from '../design/with-code.tsx'
import { texts } from '../texts/texts.ts'
import { SignInError } from './sign-in-error.tsx'
import { useSignIn } from './use-sign-in.ts'

const { signIn: words } = texts.people

export function TokenForm(): ReactNode {
  const [token, setToken] = useState('')
  const { isBusy, error, signIn } = useSignIn()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void signIn({ token: token.trim() })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <PasswordInput
          label={words.token}
          description={<WithCode>{words.tokenHelp}</WithCode>}
          size="sm"
          autoComplete="off"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoFocus
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
