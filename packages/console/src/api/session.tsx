/**
 * Who looks: asked once when the page opens, and again when the server says that nobody is signed in.
 *
 * A session that ends while somebody works leaves the page as it is, with what was typed into it; the password is asked for over it.
 *
 * @module
 */
import type { Permission } from '@sluice/model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import { ApiError } from './api-errors.ts'
import { ask, type Reply, whenNobodyIsSignedIn } from './ask.ts'

export type Who = Reply<'GET /session'>

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
  /** Over the page: of whoever was signed in until now. */
  readonly signInAgain: (who: Who) => ReactNode
  readonly waiting: ReactNode
  readonly failed: (error: Error) => ReactNode
}

export function SessionProvider({ children, signIn, signInAgain, waiting, failed }: SessionProps): ReactNode {
  const client = useQueryClient()
  // Whoever is told that nobody is signed in lets the whole page look who is.
  useEffect(() => whenNobodyIsSignedIn(() => void client.invalidateQueries({ queryKey: ['who'] })), [client])
  const { data, error, isPending } = useQuery({
    queryKey: ['who'],
    queryFn: () => ask('GET /session'),
    staleTime: 60_000,
  })
  const session = useMemo(() => data && sessionOf(data), [data])
  if (isPending) return waiting
  const isOut = error instanceof ApiError && error.status === 401
  if (session === undefined) return isOut ? signIn : failed(error ?? new Error('Nobody is signed in.'))
  return (
    <SessionContext.Provider value={session}>
      {children}
      {isOut && signInAgain(session.who)}
    </SessionContext.Provider>
  )
}

function sessionOf(who: Who): Session {
  return {
    who,
    may: (permission) => who.permissions.includes(permission),
    async signOut() {
      await ask('DELETE /session')
      // The page begins again, and nothing of what was seen stays in it.
      location.assign(document.baseURI)
    },
  }
}
