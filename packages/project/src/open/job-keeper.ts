/**
 * Where the executions of a project's jobs are kept: its repository, or the server it works through.
 *
 * @module
 */
import type {
  AnnouncedJob,
  AnnouncedSource,
  CheckAnswer,
  Execution,
  JobAgent,
  PreviewAnswer,
  StopRequest,
} from '@sluice/model'
import { type Client, routes } from '@sluice/protocol'
import type { Fetched, OnJobFailed, Repository } from '@sluice/repository'

export interface JobKeeper {
  /** Keeps an execution as it is now; who asks for it to be stopped. May be repeated. */
  keep(execution: Execution, options?: { readonly signal?: AbortSignal }): Promise<StopRequest | null>
  /** Where an agent asks what people want; absent where the repository is here, and nobody asks from elsewhere. */
  readonly requests?: JobRequests | undefined
}

interface JobRequests {
  /** Says which jobs there are, and waits up to so many seconds for some to be started. */
  checkIn(agent: JobAgent, checkIn: AgentCheckIn): Promise<Fetched>
  /** Says why one is not started. */
  refuse(start: string, reason: string): Promise<void>
  /** Says what a check of a connection has found. */
  answer(check: string, answer: CheckAnswer): Promise<void>
  /** Shows the rows of a preview, or says why none are shown. */
  show(preview: string, answer: PreviewAnswer): Promise<void>
}

interface AgentCheckIn {
  readonly jobs: readonly AnnouncedJob[]
  readonly sources: readonly AnnouncedSource[]
  /** Requests that were fetched already by this process: an answer may have been lost. */
  readonly known: readonly string[]
  readonly leaving?: boolean | undefined
  /** Seconds. */
  readonly wait?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export function keeperHere({ jobs }: Pick<Repository, 'jobs'>, onFailed: OnJobFailed): JobKeeper {
  return { keep: async (execution) => (await jobs.keep(execution, { onFailed })).stop }
}

export function keeperThere(client: Client): JobKeeper {
  return {
    keep: async ({ execution, ...body }, { signal } = {}) => {
      const call = { params: { execution }, body: body, signal }
      return (await client.call(routes.keepExecution, call)).stop
    },
    requests: {
      checkIn: async ({ agent, host, folder }, { jobs, sources, known, leaving, wait, signal }) => {
        const announced = {
          jobs: [...jobs],
          sources: sources.map((one) => ({ ...one, modes: [...one.modes] })),
        }
        const body = { host, folder, known: [...known], leaving, ...announced }
        const call = { params: { agent }, query: { wait }, body, signal }
        return await client.call(routes.checkIn, call)
      },
      refuse: async (start, reason) => {
        await client.call(routes.refuseStart, { params: { start }, body: { reason } })
      },
      answer: async (check, answer) => {
        await client.call(routes.answerCheck, { params: { check }, body: answer })
      },
      show: async (preview, answer) => {
        await client.call(routes.answerPreview, { params: { preview }, body: answer })
      },
    },
  }
}
