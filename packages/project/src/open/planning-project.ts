/**
 * What a project can do whose inbox and engine are in this process, without writing anything: plan.
 *
 * @module
 */
import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgentContext, type Decision, decideMode, findExport } from '@sluice/agent'
import type { Synchronizer } from '@sluice/inbox'
import type { Configuration, RowToTest, RunBy, Source, TestedRow } from '@sluice/model'
import type { Plan } from '../sources/sources.ts'
import { DeliveringProject } from './delivering-project.ts'
import type { CallOptions, LoadPlan, LoadRequest, PlanOptions, TestRowsOptions } from './options.ts'
import { IncrementalRefusedError } from './project-errors.ts'

export class PlanningProject extends DeliveringProject {
  protected readonly synchronizer: Synchronizer
  protected readonly by: RunBy

  /** `by`: who makes runs happen, unless a call names somebody else. */
  constructor(configuration: Configuration, synchronizer: Synchronizer, by: RunBy) {
    super(configuration)
    this.synchronizer = synchronizer
    this.by = by
  }

  protected context(_source: string, { by = this.by }: CallOptions): AgentContext {
    return { configuration: this.configuration, inbox: this.synchronizer.inbox.announcedBy(by) }
  }

  async knows(source: string): Promise<boolean> {
    return this.configuration.sources.has(source)
  }

  async plan(name: string, options: PlanOptions = {}): Promise<Plan> {
    const source = this.source(name)
    if (source.table === true) return await this.synchronizer.tables.plan(name, this.#planOptions(options))
    const { workFolder } = this.configuration
    const made = await mkdir(workFolder, { recursive: true })
    const folder = await mkdtemp(join(workFolder, 'plan-'))
    try {
      const decision = await decideMode(this.context(name, options), source, { ...options, evenIfHeld: true })
      return await this.orComplete(decision, (decided) => this.#planAs(source, decided, folder, options))
    } finally {
      await rm(folder, { recursive: true, force: true })
      // Nothing is left behind; what somebody else has put there meanwhile stays.
      if (made !== undefined) await rmdir(workFolder).catch(() => undefined)
    }
  }

  async planLoad(name: string, request: LoadRequest, options: PlanOptions = {}): Promise<LoadPlan> {
    return await this.synchronizer.tables.planLoad(
      this.source(name).name,
      request,
      this.#planOptions(options),
    )
  }

  async ageingSources(): Promise<readonly string[]> {
    return this.synchronizer.ageing.sources()
  }

  async planAge(name: string, options: PlanOptions = {}): Promise<Plan | undefined> {
    return await this.synchronizer.ageing.plan(this.source(name).name, this.#planOptions(options))
  }

  async testRows(
    name: string,
    rows: readonly RowToTest[],
    { entityType }: TestRowsOptions = {},
  ): Promise<readonly TestedRow[]> {
    return await this.synchronizer.testRows({ source: this.source(name).name, entityType, rows })
  }

  #planOptions({ by = this.by, sample = 3, onProgress, signal }: PlanOptions) {
    return { by, sample, onProgress, signal }
  }

  async #planAs(source: Source, decision: Decision, folder: string, options: PlanOptions): Promise<Plan> {
    await this.#checkBase(source, decision)
    const found = await findExport(this.context(source.name, options), source, decision, options, [])
    const prepared = await this.prepareFiles(source, found.decision, folder, options, found.exported)
    const { sample, signal, onProgress, by = this.by } = options
    const of = { sample, signal, onProgress, by }
    return await this.synchronizer.plan(source.name, found.decision.mode, prepared, of)
  }

  /** A plan is not in the queue, where the engine would look at its base. */
  async #checkBase(source: Source, { mode, base }: Decision): Promise<void> {
    if (mode !== 'incremental' || base === undefined) return
    const { appliedDelivery } = await this.synchronizer.inbox.chain(source.name)
    if (appliedDelivery === base) return
    const reason = `it builds on delivery ${base}, but ${appliedDelivery ?? 'none'} was applied last.`
    throw new IncrementalRefusedError(source.name, reason)
  }
}
