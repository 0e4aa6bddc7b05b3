/**
 * The agent's way of a source from the managed system to the server's queue: composes export, prepare and deliver.
 *
 * What waits from an earlier time goes first, with its own id: so whatever was cut off is never lost and never applied
 * twice. All of it is the same whether the inbox is in this process or behind a network.
 *
 * @module
 */
import { join, resolve } from 'node:path'
import { type AnswerOf, type Exported, exportedFiles, exportSource } from '@sluice/connectors'
import { describeHolder, withinLock } from '@sluice/files'
import type { Configuration, Source } from '@sluice/model'
import { BrokenReferenceError } from '@sluice/prepare'
import { type QueuedDelivery, readQueue } from '../outbox/outbox-queue.ts'
import { stateFolder } from '../reference/reference.ts'
import type { AgentContext, Decision, SendOptions } from './agent-context.ts'
import { takeAgentLock } from './agent-lock.ts'
import { answersFor, refuseChanges } from './answer-export.ts'
import { completeBecause } from './decide-mode.ts'
import { emptyOutbox, type OutboxOutcome } from './empty-outbox.ts'
import { fillOutbox } from './fill-outbox.ts'
import { cookiesUnderWay } from './reference-under-way.ts'
import { reportingFailure } from './reporting-failure.ts'
import { SourceBusyError } from './send-errors.ts'

/** What became of a delivery that this call has made. */
export type Sent = Exclude<OutboxOutcome, { kind: 'nothing' }>

/** One process at a time has a source, whatever it does; throws `SourceBusyError`. */
export async function alone<T>(
  { workFolder }: Pick<Configuration, 'workFolder'>,
  source: string,
  work: () => Promise<T>,
): Promise<T> {
  await using lock = await takeAgentLock(join(workFolder, 'state', 'locks'), `source-${source}`)
  if (lock.kind === 'busy') throw new SourceBusyError(source, describeHolder(lock.holder), lock.path)
  return await withinLock(lock.held, work)
}

/**
 * Exports, prepares and delivers a source, behind what waits in its outbox. Where an incremental
 * turns out to be impossible and was not asked for by name, a complete takes its place.
 */
export async function sendSource(
  context: AgentContext,
  source: Source,
  decision: Decision,
  options: SendOptions,
): Promise<Sent> {
  try {
    const ahead = await readQueue(context.configuration.workFolder, source.name)
    const work = options.exportedBefore === true ? findExport : runExport
    const exported = await work(context, source, decision, options, ahead)
    await fillOutbox(context, source, exported.decision, exported.exported, options)
  } catch (error) {
    if (!(error instanceof BrokenReferenceError) || !decision.auto) throw error
    return sendSource(context, source, completeBecause(error.message), options)
  }
  const outcome = await emptyOutbox(context, source, { ...options, fresh: true })
  if (outcome.kind === 'nothing') throw new Error(`The outbox of ${source.name} lost what was just prepared.`)
  return outcome
}

export interface DecidedExport {
  readonly exported: Exported
  /** As it was decided, but for what the files turned out to be. */
  readonly decision: Decision
}

/** The first stage: runs the export program, or finds the files that lie there. */
export async function runExport(
  context: AgentContext,
  source: Source,
  decision: Decision,
  options: SendOptions,
  ahead: readonly QueuedDelivery[],
): Promise<DecidedExport> {
  const { state, request } = exportRequest(context, source, decision, options, ahead)
  const { onProgramLine: log, onProgress, signal } = options
  return reportingFailure(context, source, { decision, signal }, async () => {
    const exported = await exportSource({
      ...request,
      cookies: cookiesUnderWay(state, ahead),
      log,
      onProgress,
      signal,
    })
    return fitting(decision, exported, source, answersFor(source, exported.mode, state, ahead))
  })
}

/** The same without running anything: the files of the last export. */
export async function findExport(
  context: AgentContext,
  source: Source,
  decision: Decision,
  options: SendOptions,
  ahead: readonly QueuedDelivery[],
): Promise<DecidedExport> {
  const { state, request } = exportRequest(context, source, decision, options, ahead)
  const exported = await exportedFiles(request)
  return fitting(decision, exported, source, answersFor(source, exported.mode, state, ahead))
}

/** What both ask for, and the folder of what the agent remembers of the source. */
function exportRequest(
  { configuration }: AgentContext,
  source: Source,
  { mode }: Decision,
  options: SendOptions,
  ahead: readonly QueuedDelivery[],
) {
  const state = stateFolder(configuration, source.name)
  const folder = options.folder === undefined ? undefined : resolve(options.folder)
  return { state, request: { source, mode, answerOf: answersFor(source, mode, state, ahead), folder } }
}

/** Files that would be compared with an outdated reference become a complete, unless an incremental was asked for by name. */
async function fitting(
  decision: Decision,
  found: Exported,
  source: Source,
  answerOf: AnswerOf,
): Promise<DecidedExport> {
  if (decision.fallback !== undefined && found.by === 'files')
    await refuseChanges({ ...source, folder: found.folder }, decision.fallback)
  // What lies where only changes do is never taken for everything.
  const asked = decision.auto && found.by === 'files' && found.changesOnly !== true
  const exported = asked ? await asAnswered(found, answerOf) : found
  if (exported.mode === decision.mode) return { exported, decision }
  return { exported, decision: { ...decision, mode: exported.mode, base: undefined } }
}

async function asAnswered(found: Exported, answerOf: AnswerOf): Promise<Exported> {
  const answer = await answerOf({ folder: found.folder, stated: undefined })
  const notes = answer.note === undefined ? found.notes : [...found.notes, answer.note]
  return { ...found, mode: answer.mode, notes }
}
