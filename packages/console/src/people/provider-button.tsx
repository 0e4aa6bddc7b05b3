import { Button } from '@mantine/core'
import { IconLogin2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { serverUrl } from '../api/ask.ts'
import { texts } from '../texts/texts.ts'
import { whereWeAre } from './where-to.ts'

interface ProviderButtonProps {
  readonly provider: { readonly label: string; readonly path: string }
  /** In a window of its own, so that this page stays as it is. */
  readonly apart?: boolean
}

export function ProviderButton({ provider, apart = false }: ProviderButtonProps): ReactNode {
  const url = serverUrl(provider.path)
  url.searchParams.set('returnTo', whereWeAre(document.baseURI, location.href))
  return (
    <Button
      component="a"
      href={url.href}
      {...(apart ? { target: '_blank' } : {})}
      size="sm"
      variant="default"
      fullWidth
      leftSection={<IconLogin2 size={16} />}
    >
      {texts.people.signIn.withProvider(provider.label)}
    </Button>
  )
}
