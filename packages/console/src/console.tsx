/**
 * The whole page: design, what was asked, who is signed in, where in it one is.
 *
 * @module
 */
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { createQueryClient } from './api/query-client.ts'
import { SessionProvider } from './api/session.tsx'
import { ErrorNotice } from './design/error-notice.tsx'
import { PageSkeleton } from './design/page.tsx'
import { theme } from './design/theme.ts'
import { SignInAgain } from './people/sign-in-again.tsx'
import { SignInPage } from './people/sign-in-page.tsx'
import { createConsoleRouter } from './router.tsx'

export function Console(): ReactNode {
  const [client] = useState(createQueryClient)
  const [router] = useState(createConsoleRouter)
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={client}>
        <SessionProvider
          signIn={<SignInPage />}
          signInAgain={(who) => <SignInAgain who={who} />}
          waiting={<PageSkeleton />}
          failed={(error) => <ErrorNotice error={error} />}
        >
          <RouterProvider router={router} />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
