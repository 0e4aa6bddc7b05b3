/**
 * One's own account: its role, its password, where it is signed in.
 *
 * @module
 */
import { Badge, Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { useSession } from '../api/session.tsx'
import { Page, Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import { NewPasswordField } from './new-password-field.tsx'
import { SessionsTab } from './sessions-tab.tsx'
import { SignInError } from './sign-in-error.tsx'
import { useChange } from './use-change.ts'

const { own: words, password: ofPassword, roles } = texts.people

export function OwnAccountPage(): ReactNode {
  const { who } = useSession()
  return (
    <Page title={who.name} badge={<Badge>{who.role}</Badge>} description={roles[who.role]}>
      {who.hasPassword && <PasswordSection />}
      {!who.hasPassword && (
        <Section title={ofPassword.title}>
          <Text size="sm">{who.kind === 'token' ? words.asToken : words.atProvider}</Text>
        </Section>
      )}
      <Section title={words.sessions} flush>
        <SessionsTab />
      </Section>
    </Page>
  )
}

function PasswordSection(): ReactNode {
  const [old, setOld] = useState('')
  const [password, setPassword] = useState('')
  const change = useChange(
    ['sessions', 'who'],
    () => ask('PUT /account/password', { body: { old, password } }),
    () => {
      setOld('')
      setPassword('')
      notifications.show({ message: ofPassword.changed, color: 'teal' })
    },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Section title={ofPassword.title}>
      <form onSubmit={submit}>
        <Stack gap="sm" maw={360}>
          <PasswordInput
            label={ofPassword.old}
            size="xs"
            autoComplete="current-password"
            value={old}
            onChange={(event) => setOld(event.currentTarget.value)}
            required
            withAsterisk={false}
          />
          <NewPasswordField value={password} onChange={setPassword} />
          <SignInError error={change.error ?? undefined} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {ofPassword.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
