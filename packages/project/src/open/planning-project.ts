/**
 * What a project can do whose inbox and engine are in this process, without writing anything: plan.
 *
 * @module
 */
import type { AgentContext } from '@sluice/agent'
import type { Synchronizer } from '@sluice/inbox'
import type { Configuration, DeliveryMode, RowToTest, RunBy, Source, TestedRow } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import type { Plan } from '../sources/sources.ts'
import { DeliveringProject } from './delivering-project.ts'
import type {
  CallOptions,
  LoadPlan,
  LoadRequest,
  PlanOptions,
  SourcePlan,
  TestRowsOptions,
} from './options.ts'
import { withSaved } from './saved-plan.ts'

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

  async plan(name: string, options: PlanOptions = {}): Promise<SourcePlan> {
    const source = this.source(name)
    if (source.table !== true) return await this.planDelivery(source, options)
    const plan = await this.synchronizer.tables.plan(name, this.#planOptions(options))
    return withSaved(plan, name, undefined)
  }

  protected async planPrepared(
    { name }: Source,
    mode: DeliveryMode,
    prepared: Prepared,
    options: PlanOptions,
  ): Promise<Plan> {
    return await this.synchronizer.plan(name, mode, prepared, this.#planOptions(options))
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

  #planOptions({ by = this.by, sample = 3, saved, onProgress, signal }: PlanOptions) {
    return { by, sample, summed: saved, onProgress, signal }
  }
}
