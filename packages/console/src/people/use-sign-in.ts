/**
 * Signs in, and lets the page see who is signed in now.
 *
 * @module
 */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Question } from '../api/ask.ts'
import type { Who } from '../api/session.tsx'

type Brought = NonNullable<Question<'POST /session'>['body']>

interface SigningIn {
  readonly isBusy: boolean
  readonly error: Error | undefined
  /** Whether it was right. */
  signIn(brought: Brought): Promise<boolean>
}

export function useSignIn(): SigningIn {
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  return {
    isBusy,
    error,
    async signIn(body) {
      setBusy(true)
      setError(undefined)
      try {
        const who = await ask('POST /session', { body })
        const before = client.getQueryData<Who>(['who'])
        // Nothing that was shown to one person is shown to another.
        if (before !== undefined && (before.name !== who.name || before.kind !== who.kind)) location.reload()
        client.setQueryData(['who'], who)
        void client.invalidateQueries({ predicate: ({ queryKey: [first] }) => first !== 'who' })
        return true
      } catch (problem) {
        setError(problem instanceof Error ? problem : new Error(String(problem)))
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
