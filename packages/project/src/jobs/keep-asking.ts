/**
 * Asks the server what people want: which jobs are to be started. Nobody reaches an agent, so it is the agent that asks, again and again.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AnnouncedJob,
  type AnnouncedSource,
  type CheckAnswer,
  type JobAgent,
  type Preview,
  type PreviewAnswer,
  SluiceError,
  type StartRecord,
  type SystemCheck,
} from '@sluice/model'
import type { Fetched } from '@sluice/repository'
import { handOver } from '../executions/hand-over.ts'
import type { Project } from '../open/project.ts'
import type { AgentLog } from '../schedule/agent-log.ts'
import { describeError } from './job-log.ts'

export interface KeepAskingOptions {
  readonly agent: JobAgent
  /** Of the agent, which may wait there to be handed over. */
  readonly workFolder: string
  /** Opens a project of its own: it is kept open, and others shall read the configuration anew. */
  readonly open: () => Promise<Pick<Project, 'jobs' | typeof Symbol.asyncDispose>>
  /** The jobs and the sources that are started when somebody asks for it. */
  readonly announced: () => {
    readonly jobs: readonly AnnouncedJob[]
    readonly sources: readonly AnnouncedSource[]
  }
  /** Aborted when there are others: another one each time. */
  readonly changed: () => AbortSignal
  /** Begins a job, or says why not. */
  readonly begin: (start: StartRecord) => string | undefined
  /** Checks a connection; never throws, but for `stop`. */
  readonly check: (check: SystemCheck) => Promise<CheckAnswer>
  /** Looks at rows; never throws, but for `stop`. */
  readonly preview: (preview: Preview) => Promise<PreviewAnswer>
  readonly log: AgentLog
  readonly stop: AbortSignal
  /** Seconds for which the server may keep a question. */
  readonly wait?: number | undefined
  /** Milliseconds after a first failure; each pause is twice the one before. */
  readonly firstPause?: number | undefined
}

const nothing: Fetched = { starts: [], checks: [], previews: [] }
const longestPause = 60_000
/** Requests that are told to the server as fetched. */
const mostKnown = 100
/** Milliseconds for the last word. */
const farewell = 2000

/** Until `stop`. Never throws: an agent that cannot ask follows its schedules all the same. */
export async function keepAsking(options: KeepAskingOptions): Promise<void> {
  const { stop, log, firstPause = 2000 } = options
  const known = new Set<string>()
  let pause = firstPause
  let reported: string | undefined
  while (!stop.aborted) {
    try {
      await using project = await options.open()
      await askWhileAnswered(options, project, known, () => {
        pause = firstPause
        reported = undefined
      })
    } catch (error) {
      if (stop.aborted) return
      const reason = error instanceof Error ? error.message : String(error)
      // What nobody has to do anything about is the matter of whoever watches the server.
      const passes = error instanceof SluiceError && error.retry
      log[passes || reason === reported ? 'debug' : 'warn'](
        describeError(error),
        'jobs and sources cannot be started and stopped through the server',
      )
      reported = reason
      await sleep(pause * (0.75 + Math.random() / 2), undefined, { signal: stop }).catch(() => undefined)
      pause = Math.min(pause * 2, longestPause)
    }
  }
}

async function askWhileAnswered(
  { agent, workFolder, announced, changed, begin, check, preview, log, stop, wait = 25 }: KeepAskingOptions,
  { jobs: keeper }: Pick<Project, 'jobs'>,
  known: Set<string>,
  answered: () => void,
): Promise<void> {
  const { requests } = keeper
  if (requests === undefined) throw new Error('Only a project behind a server is asked for its jobs.')
  while (!stop.aborted) {
    await handOver(workFolder, keeper)
    const other = changed()
    const asked = { ...announced(), known: [...known], wait, signal: AbortSignal.any([stop, other]) }
    const { starts, checks, previews } = await requests.checkIn(agent, asked).catch((error: unknown) => {
      if (stop.aborted || other.aborted) return nothing
      throw error
    })
    answered()
    for (const start of starts) {
      // The next agent is given it again.
      if (stop.aborted) break
      remember(known, start.start)
      const reason = begin(start)
      const { job, by } = start
      if (reason === undefined) continue
      log.warn({ job, by, reason }, 'a start that somebody asked for is refused')
      await requests.refuse(start.start, reason)
    }
    for (const one of checks) {
      remember(known, one.check)
      log.info({ source: one.source, by: one.by }, 'a connection is checked, as somebody asks for it')
      // Beside all else: systems take their time. What cannot be answered is given again.
      void check(one)
        .then((answer) => requests.answer(one.check, answer))
        .catch(() => void known.delete(one.check))
    }
    for (const one of previews) {
      remember(known, one.preview)
      const { source, mapping, rows, by } = one
      log.info(
        { source, mapping, rows, proposed: one.proposal !== null, by },
        'rows are shown, as somebody asks for it',
      )
      void preview(one)
        .then((answer) => requests.show(one.preview, answer))
        .catch(() => void known.delete(one.preview))
    }
  }
  const last = { ...announced(), known: [], leaving: true, signal: AbortSignal.timeout(farewell) }
  await requests.checkIn(agent, last).catch(() => undefined)
}

/** Of those that have begun long ago the server knows itself. */
function remember(known: Set<string>, start: string): void {
  known.add(start)
  const [oldest] = known
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest)
}
