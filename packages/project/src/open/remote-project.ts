/**
 * The project that works through a server: the agent's part is done here, the rest there.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { Readable } from 'node:stream'
import {
  type AgentContext,
  alone,
  type Decision,
  DeliveryPutAsideError,
  decideMode,
  emptyOutbox,
  followDelivery,
  HttpInbox,
  type Outgoing,
  outboxFolder,
  planAtServer,
  readOutbox,
  refuseSuspended,
  type ServerLink,
  SourceHeldError,
  sendSource,
  wantsIncremental,
  withRetry,
} from '@sluice/agent'
import type { Configuration, DeliveryMode, Progress, RunReport, Source, Stage } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import {
  type Call,
  type DeliveryStatus,
  errorDocumentSchema,
  isNothingThere,
  RemoteError,
  routes,
} from '@sluice/protocol'
import type { Plan } from '../sources/sources.ts'
import { applyPlan, type SendingOptions, sendOptions, type TermsOption, termsOf } from './apply-plan.ts'
import { AskingProject, planOf } from './asking-project.ts'
import { type JobKeeper, keeperThere } from './job-keeper.ts'
import { leftNotes, orAway, withNotes } from './left-behind.ts'
import type {
  ApplyPlanOptions,
  CallOptions,
  LoadOptions,
  LoadOutcome,
  LoadPlan,
  LoadRequest,
  PlanOptions,
  SourcePlan,
  SyncOptions,
} from './options.ts'
import type { Project } from './project.ts'
import { DeliveryOvertakenError, IncrementalRefusedError } from './project-errors.ts'
import { RemoteRepository } from './remote-repository.ts'
import { type SavedPlan, withSaved } from './saved-plan.ts'
import type { SynchronizeOptions } from './stages.ts'

/** Before it is taken for away, a server that does not answer is asked again for so many milliseconds. */
const briefRetryFor = 2000
/** Approving computes anew when the repository moved; it may move again. */
const approvals = 3

export class RemoteProject extends AskingProject implements Project {
  readonly repository: RemoteRepository
  readonly jobs: JobKeeper

  constructor(configuration: Configuration, link: ServerLink) {
    super(configuration, link)
    this.repository = new RemoteRepository(link.client)
    this.jobs = keeperThere(link.client)
  }

  protected context(source: string, { onProgress, signal, stop, onAnswer }: CallOptions): AgentContext {
    const { compression, retryFor } = this.configuration.agent
    const onRetry = (reason: Error) => onProgress?.(tryingAgain('deliver', source, reason))
    const settings = { compression, retryFor, signal, stop, onRetry, onAnswer }
    return {
      configuration: this.configuration,
      inbox: new HttpInbox(this.link, settings),
      briefInbox: new HttpInbox(this.link, { ...settings, retryFor: Math.min(briefRetryFor, retryFor) }),
    }
  }

  async knows(source: string): Promise<boolean> {
    return this.configuration.sources.has(source) || (await this.#isOpen(source))
  }

  /** An open source need not be in the files of whoever works through the server: all of it is there. */
  async #isOpen(name: string): Promise<boolean> {
    const source = this.configuration.sources.get(name)
    if (source !== undefined) return source.table === true
    try {
      const { kind } = await this.link.client.call(routes.source, { params: { source: name } })
      return kind === 'open'
    } catch (error) {
      if (isNothingThere(error)) return false
      throw error
    }
  }

  async sync(name: string, options: SendingOptions = {}): Promise<RunReport> {
    if (await this.#isOpen(name)) return await this.#runTable(name, { ...options, terms: termsOf(options) })
    const source = this.source(name)
    const context = this.context(name, options)
    await refuseSuspended(context, name)
    return alone(this.configuration, name, async () => {
      const followedBy = wantsIncremental(source, options) ? 'incremental' : 'complete'
      const aside = await this.setBrokenAside(source)
      const left = await orAway(emptyOutbox(context, source, { ...options, followedBy }), options)
      const away = left.kind === 'away'
      const waited = left.kind === 'delivered' ? await this.#followLeft(source, left.delivery, options) : []
      const forced = away ? [] : await this.#applyHeld(source, options)
      const decided = await decideMode(context, source, { ...options, ahead: await this.ahead(name) })
      const decision = withNotes(decided, [
        ...aside,
        ...(await leftNotes(left, context.inbox)),
        ...waited,
        ...forced,
      ])
      return this.orComplete(decision, (one) => this.#carryOut(source, one, options, away))
    })
  }

  async apply(planned: SavedPlan, options: ApplyPlanOptions = {}): Promise<RunReport> {
    return await applyPlan(this, planned, options)
  }

  async plan(name: string, options: PlanOptions = {}): Promise<SourcePlan> {
    if (!(await this.#isOpen(name))) return await this.planDelivery(this.source(name), options)
    const { sample, saved: summed, signal } = options
    const { client } = this.link
    const body = { dryRun: true, sample, summed }
    const answer = await client.call(routes.runTable, { params: { source: name }, body, signal })
    return withSaved({ ...planOf(answer), sum: answer.sum }, name, undefined)
  }

  protected async planPrepared(
    { name }: Source,
    mode: DeliveryMode,
    prepared: Prepared,
    options: PlanOptions,
  ): Promise<Plan> {
    const { sample, saved: summed, onProgress, signal } = options
    const { compression, retryFor } = this.configuration.agent
    const onRetry = (reason: Error) => onProgress?.(tryingAgain('deliver', name, reason))
    return await planAtServer(
      this.link,
      { source: name, mode, prepared, sample, summed, onProgress },
      { compression, retryFor, signal, onRetry },
    )
  }

  /** The server works on what it has without being asked: waits for what was delivered last from here. */
  async synchronize(name: string, options: SynchronizeOptions = {}): Promise<readonly RunReport[]> {
    if (await this.#isOpen(name)) return [await this.#runTable(name, options)]
    const source = this.source(name)
    const note = await readOutbox(outboxFolder(this.configuration.workFolder, source.name))
    if (note?.stage !== 'delivered') return []
    const reports: RunReport[] = []
    for (const id of [...(note.ahead ?? []), note.id]) {
      const status = await this.#follow({ id, source: source.name }, options)
      const report = status.run === null ? undefined : await this.#report(status.run, options)
      if (report !== undefined) reports.push(options.force === true ? await this.#approved(report) : report)
      // Those behind it wait for the same decision.
      if (status.state === 'aside' || (report?.state === 'held' && options.force !== true)) break
    }
    return reports
  }

  async load(name: string, request: LoadRequest, options: LoadOptions = {}): Promise<LoadOutcome> {
    const { run, force, signal } = options
    const { load, report, refusal } = await this.#load(name, request, { run, force }, signal)
    const refused = refusal === null ? null : asThrown(this.link.client.server, refusal)
    return { load, report, refusal: refused }
  }

  async planLoad(name: string, request: LoadRequest, options: PlanOptions = {}): Promise<LoadPlan> {
    const { sample, signal } = options
    const answer = await this.#load(name, request, { dryRun: true, sample }, signal)
    return { load: answer.load, plan: planOf(answer) }
  }

  /** Sent once: where the connection breaks, nobody knows what was loaded, and the same load may be sent again. */
  async #load(
    name: string,
    { csv, entityType: type, ...dialect }: LoadRequest,
    options: NonNullable<Call<typeof routes.loadTable>['query']>,
    signal: AbortSignal | undefined,
  ) {
    const source = (await this.#isOpen(name)) ? name : this.source(name).name
    const text = typeof csv === 'string'
    const body = Readable.from(text ? [Buffer.from(csv)] : csv, { objectMode: false })
    const charset = text ? 'utf-8' : dialect.charset
    return await this.link.send(
      routes.loadTable,
      { params: { source }, query: { ...dialect, charset, type, ...options } },
      { body, bytes: text ? Buffer.byteLength(csv) : 0, signal },
    )
  }

  async #runTable(
    name: string,
    { force, terms, signal }: SynchronizeOptions & TermsOption,
  ): Promise<RunReport> {
    const call = { params: { source: name }, body: { force, terms }, signal }
    const { report } = await this.link.client.call(routes.runTable, call)
    if (report === null) throw new Error('A server ran a source and reported nothing of it.')
    return report
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link[Symbol.asyncDispose]()
  }

  /** Everything behind the decision; the report of the run that worked on it. */
  async #carryOut(
    source: Source,
    decision: Decision,
    options: SendingOptions,
    away: boolean,
  ): Promise<RunReport> {
    const context = this.context(source.name, options)
    // It was waited for already.
    const asked = away ? { ...context, inbox: context.briefInbox ?? context.inbox } : context
    const sent = await sendSource(asked, source, decision, sendOptions(source.name, options))
    const { delivery } = sent
    if (sent.kind === 'dropped' && sent.behind.length > 0)
      throw new IncrementalRefusedError(source.name, sent.reason)
    const status = await this.#follow(delivery, options)
    const reason = status.reason ?? null
    if (status.state === 'refused' && status.mode === 'incremental')
      throw new IncrementalRefusedError(source.name, reason ?? 'no reason is known.')
    const report =
      hasReport(status) && status.run !== null ? await this.#report(status.run, options) : undefined
    if (report === undefined) throw new DeliveryOvertakenError(source.name, status.state, reason)
    if (report.error !== null) throw asThrown(this.link.client.server, report.error)
    return options.force === true ? this.#approved(report) : report
  }

  /** What comes next may build on what waited, and must know whether it is held. A complete builds on nothing. */
  async #followLeft(source: Source, delivery: Outgoing, options: SyncOptions): Promise<readonly string[]> {
    const applied: string[] = []
    for (;;) {
      try {
        await this.#follow(delivery, options)
        return applied
      } catch (error) {
        // What comes next is a complete, which takes its place, or says that it cannot be an incremental.
        if (error instanceof DeliveryPutAsideError) return applied
        if (!(error instanceof SourceHeldError)) throw error
        if (!wantsIncremental(source, options)) return applied
        const held = await this.#applyHeld(source, options)
        if (held.length === 0) throw error
        applied.push(...held)
      }
    }
  }

  #follow(
    { id, source }: { readonly id: string; readonly source: string },
    options: CallOptions,
  ): Promise<DeliveryStatus> {
    const { retryFor } = this.configuration.agent
    const { inbox } = this.context(source, options)
    const onRetry = (reason: Error) => options.onProgress?.(tryingAgain('receive', source, reason))
    return followDelivery(this.link, id, { ...options, inbox, source, retryFor, onRetry })
  }

  /** What was waited for so long is worth a wait for its report: the server may just have been restarted. */
  #report(run: number, { signal, stop, onAnswer }: CallOptions): Promise<RunReport | undefined> {
    const { retryFor } = this.configuration.agent
    return withRetry((until) => this.repository.run(run, until), { retryFor, signal, stop, onAnswer })
  }

  /** By force, what is held goes first: the changes since then build on it. */
  async #applyHeld(source: Source, options: SyncOptions): Promise<readonly string[]> {
    if (options.force !== true || !wantsIncremental(source, options)) return []
    const { heldRun } = await this.context(source.name, options).inbox.chain(source.name)
    const report = heldRun === null ? undefined : await this.repository.run(heldRun)
    if (report === undefined) return []
    if ((await this.#approved(report)).state === 'held') return []
    return [`The held run ${heldRun} was applied first, because of --force.`]
  }

  /** What a threshold holds is applied all the same. */
  async #approved(report: RunReport): Promise<RunReport> {
    let last = report
    for (let attempt = 0; attempt < approvals && last.state === 'held' && last.run !== null; attempt += 1) {
      last = (await this.approve(last.run)).report
    }
    return last
  }
}

function hasReport({ state }: DeliveryStatus): boolean {
  return state === 'applied' || state === 'held' || state === 'failed' || state === 'aside'
}

function tryingAgain(stage: Stage, source: string, { message }: Error): Progress {
  return { stage, source, subject: `${message.replace(/\.$/, '')}; trying again`, retrying: message }
}

/** As the error would have been thrown here. */
function asThrown(server: string, error: NonNullable<RunReport['error']>): RemoteError {
  const document = errorDocumentSchema.safeParse(error)
  return new RemoteError(server, {
    status: 500,
    document: document.success ? document.data : { ...error, code: 'SLUICE-DEFECT' },
  })
}
