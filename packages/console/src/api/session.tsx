/**
 * Who looks: asked once when the page opens, and again when the server says that nobody is signed in.
 *
 * @module
 */
import type { Permission } from '@sluice/model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { ApiError } from './api-errors.ts'
import { ask, type Reply } from './ask.ts'

export type Who = Reply<'GET /token'>

interface Session {
  readonly who: Who
  /** Nothing is offered that its role may not do. */
  may(permission: Permission): boolean
  signOut(): Promise<void>
}

const SessionContext = createContext<Session | undefined>(undefined)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('Only who is signed in sees this.')
  return session
}

interface SessionProps {
  readonly children: ReactNode
  readonly signIn: ReactNode
  readonly waiting: ReactNode
  readonly failed: (error: Error) => ReactNode
}

export function SessionProvider({ children, signIn, waiting, failed }: SessionProps): ReactNode {
  const client = useQueryClient()
  const { data, error, isPending } = useQuery({
    queryKey: ['who'],
    queryFn: () => ask('GET /token'),
    staleTime: 60_000,
  })
  const session = useMemo<Session | undefined>(
    () =>
      data && {
        who: data,
        may: (permission) => data.permissions.includes(permission),
        async signOut() {
          client.clear()
        },
      },
    [data, client],
  )
  if (isPending) return waiting
  if (error instanceof ApiError && error.status === 401) return signIn
  if (session === undefined) return failed(error ?? new Error('Nobody is signed in.'))
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
}
