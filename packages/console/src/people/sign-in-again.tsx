/**
 * Over the page, when a session has ended in the middle of what somebody did: the page stays as it is.
 *
 * @module
 */
import { Anchor, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import type { Who } from '../api/session.tsx'
import { texts } from '../texts/texts.ts'
import { PasswordForm } from './password-form.tsx'
import { ProviderButton } from './provider-button.tsx'
import { TokenForm } from './token-form.tsx'

const { signIn } = texts.people

export function SignInAgain({ who }: { readonly who: Who }): ReactNode {
  const { data: options } = useQuery({
    queryKey: ['sign-in-options'],
    queryFn: () => ask('GET /sign-in-options'),
  })
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      centered
      size="sm"
      title={signIn.again}
      zIndex={1000}
    >
      <Stack gap="md">
        <Text size="sm">{signIn.nothingLost}</Text>
        {who.kind === 'token' && <TokenForm />}
        {who.kind === 'account' && who.hasPassword && <PasswordForm name={who.name} />}
        {who.kind === 'account' && !who.hasPassword && options?.openIdConnect && (
          <ProviderButton provider={options.openIdConnect} apart />
        )}
        <Anchor size="sm" href={document.baseURI}>
          {signIn.asAnother}
        </Anchor>
      </Stack>
    </Modal>
  )
}
