/** @module */
import { Button, Center, Paper, PasswordInput, Stack, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { texts } from '../texts/texts.ts'

export function SignIn(): ReactNode {
  const client = useQueryClient()
  const [token, setToken] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    sessionStorage.setItem('sluice token', token)
    void client.invalidateQueries({ queryKey: ['who'] })
  }
  return (
    <Center mih="100vh" p="md">
      <Paper p="xl" w={380} component="form" onSubmit={submit}>
        <Stack>
          <Title order={1}>{texts.people.signIn}</Title>
          <PasswordInput
            label={texts.people.token}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoFocus
          />
          <Button type="submit" size="sm">
            {texts.people.signIn}
          </Button>
        </Stack>
      </Paper>
    </Center>
  )
}
