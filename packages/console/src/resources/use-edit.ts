/**
 * An edit in two steps: what it would change, and then the change itself.
 *
 * @module
 */
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ApiError } from '../api/api-errors.ts'
import { texts } from '../texts/texts.ts'
import type { Edited } from './planned-changes.tsx'
import { useForgetResources } from './use-resource.ts'

export interface EditInSteps {
  readonly busy: boolean
  /** What it would change; `undefined`: nobody has asked yet. */
  readonly planned: Edited | undefined
  readonly error: Error | undefined
  /** Whether somebody else has changed the resource since it was read. */
  readonly conflict: boolean
  /** `about`: what it is about, where that is chosen in the same step. */
  readonly plan: (about?: string) => Promise<void>
  /** Forgets what would change. */
  readonly reset: () => void
  readonly apply: () => Promise<void>
}

/** `send` sends it, as a dry run or in earnest. */
export function useEdit(
  send: (dryRun: boolean, about?: string) => Promise<Edited>,
  done: (edited: Edited) => void,
): EditInSteps {
  const [state, setState] = useState<{ busy: boolean; planned?: Edited; error?: Error }>({ busy: false })
  const forget = useForgetResources()
  const attempt = async (dryRun: boolean, about?: string) => {
    setState({ ...state, busy: true })
    try {
      const edited = await send(dryRun, about)
      if (dryRun) return setState({ busy: false, planned: edited })
      setState({ busy: false })
      notifications.show(outcomeOf(edited))
      done(edited)
      await forget()
    } catch (error) {
      setState({ busy: false, error: error instanceof Error ? error : new Error(String(error)) })
    }
  }
  const { busy, planned, error } = state
  return {
    busy,
    planned,
    error,
    conflict: error instanceof ApiError && error.status === 412,
    plan: (about) => attempt(true, about),
    apply: () => attempt(false),
    reset: () => setState({ busy: false }),
  }
}

function outcomeOf({ report: { state, run } }: Edited) {
  return state === 'held'
    ? { color: 'yellow', message: texts.resources.held(run), autoClose: false as const }
    : { color: 'teal', message: texts.resources.applied(run) }
}
