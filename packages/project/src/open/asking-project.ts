/**
 * What a person asks of a server, and what that answers at once: edits, decisions, orders, what has come of runs.
 *
 * @module
 */
import { ApprovalUnknownError, type ServerLink } from '@sluice/agent'
import type { ActedOn, DecidedMatches, DuplicatesOptions, WantedAction } from '@sluice/inbox'
import type {
  Change,
  ChangesOptions,
  Configuration,
  DeliveryRecord,
  Distinct,
  Edit,
  ListedDuplicates,
  MatchedRow,
  NewDecision,
  NewOrder,
  OrderRecord,
  Permission,
  PruneReport,
  RowToTest,
  RunReport,
  ShownRoot,
  TestedRow,
  WantedRoots,
} from '@sluice/model'
import { isNothingThere, routes } from '@sluice/protocol'
import type { z } from 'zod'
import type { Plan } from '../sources/sources.ts'
import { DeliveringProject } from './delivering-project.ts'
import type {
  AgeOptions,
  Approval,
  DecidingOptions,
  Edited,
  EditingOptions,
  PlannedEdit,
  PlannedRevert,
  PlanOptions,
  PruneOptions,
  RetryOptions,
  RevertOptions,
  TestRowsOptions,
} from './options.ts'
import { pruneFiles, summed, together } from './prune-files.ts'

export abstract class AskingProject extends DeliveringProject {
  protected readonly link: ServerLink

  constructor(configuration: Configuration, link: ServerLink) {
    super(configuration)
    this.link = link
  }

  async ageingSources(): Promise<readonly string[]> {
    return (await this.link.client.call(routes.ageingSources, { params: {} })).sources
  }

  async age(source: string, { force, signal }: AgeOptions = {}): Promise<RunReport | undefined> {
    const { report } = await this.link.client.call(routes.age, {
      params: { source },
      body: { force },
      signal,
    })
    return report ?? undefined
  }

  async planAge(source: string, { sample, signal }: PlanOptions = {}): Promise<Plan | undefined> {
    const body = { dryRun: true, sample }
    const answer = await this.link.client.call(routes.age, { params: { source }, body, signal })
    return answer.report === null ? undefined : planOf(answer)
  }

  async prune(options: PruneOptions = {}): Promise<PruneReport> {
    const { dryRun, signal } = options
    let pruned: PruneReport | undefined
    do {
      const next = await this.link.client.call(routes.prune, { params: {}, body: { dryRun }, signal })
      pruned = summed(pruned, next)
    } while (!pruned.done)
    return together(pruned, await pruneFiles(this.configuration, options))
  }

  edit(edits: readonly Edit[], { comment }: EditingOptions = {}): Promise<Edited> {
    return this.link.client.call(routes.edit, {
      params: {},
      query: { comment },
      body: { edits: [...edits] },
    })
  }

  planEdit(edits: readonly Edit[], { comment }: EditingOptions = {}): Promise<PlannedEdit> {
    const query = { comment, dryRun: true }
    return this.link.client.call(routes.edit, { params: {}, query, body: { edits: [...edits] } })
  }

  async stateOrders(orders: readonly NewOrder[]): Promise<readonly OrderRecord[]> {
    const body = { orders: [...orders] }
    return (await this.link.client.call(routes.stateOrders, { params: {}, body })).orders
  }

  async duplicates(
    entityType: string,
    { by, ...page }: DuplicatesOptions = {},
  ): Promise<readonly ListedDuplicates[]> {
    const query = { by: by?.join(','), ...page }
    const found: ListedDuplicates[] = []
    for await (const one of this.link.client.lines(routes.duplicates, {
      params: { type: entityType },
      query,
    }))
      found.push(one)
    return found
  }

  async sayDistinct(distinct: Distinct): Promise<number> {
    return (await this.link.client.call(routes.sayDistinct, { params: {}, body: distinct })).pairs
  }

  async takeBackDistinct({ type, resources }: Pick<Distinct, 'type' | 'resources'>): Promise<number> {
    const body = { type, resources }
    return (await this.link.client.call(routes.takeBackDistinct, { params: {}, body })).pairs
  }

  async actOnReplicas({
    source,
    entityType,
    action,
    keys,
    status,
    errors,
    notSeenSince,
    reason,
  }: WantedAction): Promise<ActedOn> {
    const params = { source, type: entityType }
    const body = {
      action,
      keys: keys && [...keys],
      status: status && [...status],
      errors,
      notSeenSince,
      reason,
    }
    return await this.link.client.call(routes.actOnReplicas, { params, body })
  }

  async cancelOrder(order: string): Promise<readonly OrderRecord[]> {
    return (await this.link.client.call(routes.cancelOrder, { params: { order } })).orders
  }

  decideMatches(
    decisions: readonly NewDecision[],
    { comment }: DecidingOptions = {},
  ): Promise<DecidedMatches> {
    const body = { decisions: [...decisions], comment }
    return this.link.client.call(routes.decideMatches, { params: {}, body })
  }

  async testRows(
    source: string,
    rows: readonly RowToTest[],
    { entityType }: TestRowsOptions = {},
  ): Promise<readonly TestedRow[]> {
    const body = { type: entityType, rows: [...rows] }
    return (await this.link.client.call(routes.testRows, { params: { source }, body })).rows
  }

  undoMatches(rows: readonly MatchedRow[], { comment }: DecidingOptions = {}): Promise<DecidedMatches> {
    const body = { rows: [...rows], comment }
    return this.link.client.call(routes.undoMatches, { params: {}, body })
  }

  async retry(run: number, { comment, force }: RetryOptions = {}): Promise<RunReport> {
    return (await this.link.client.call(routes.retry, { params: { run }, query: { comment, force } })).report
  }

  async planRetry(run: number, { comment }: RetryOptions = {}): Promise<Plan> {
    const query = { comment, dryRun: true }
    return await this.link.client.call(routes.retry, { params: { run }, query })
  }

  async root(source: string, root: string): Promise<ShownRoot | undefined> {
    try {
      return await this.link.client.call(routes.root, { params: { source, root } })
    } catch (error) {
      if (isNothingThere(error)) return undefined
      throw error
    }
  }

  async evaluateRoots(
    source: string,
    wanted: WantedRoots,
    { comment: reason, force }: RetryOptions = {},
  ): Promise<RunReport | undefined> {
    const body = { wanted, reason, force }
    return (
      (await this.link.client.call(routes.evaluateRoots, { params: { source }, body })).report ?? undefined
    )
  }

  async planEvaluateRoots(
    source: string,
    wanted: WantedRoots,
    { comment: reason }: RetryOptions = {},
  ): Promise<Plan | undefined> {
    const body = { wanted, reason, dryRun: true }
    const answer = await this.link.client.call(routes.evaluateRoots, { params: { source }, body })
    return answer.report === null ? undefined : planOf(answer)
  }

  async revert(run: number, options: RevertOptions = {}): Promise<RunReport> {
    const { comment, force, skipConflicts, suspend } = options
    const query = { comment, force, skipConflicts, suspend }
    return (await this.link.client.call(routes.revert, { params: { run }, query })).report
  }

  planRevert(run: number, { comment, skipConflicts }: RevertOptions = {}): Promise<PlannedRevert> {
    const query = { comment, skipConflicts, dryRun: true }
    return this.link.client.call(routes.revert, { params: { run }, query })
  }

  changes(run: number, options: ChangesOptions = {}): AsyncIterable<Change> {
    return this.link.client.lines(routes.changes, { params: { run }, query: options })
  }

  async permissions(): Promise<readonly Permission[]> {
    return (await this.link.client.call(routes.self, { params: {} })).permissions
  }

  async approve(
    run: number,
    {
      reason,
      signal,
    }: { readonly reason?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Approval> {
    try {
      return await this.link.client.call(routes.approve, { params: { run }, query: { reason }, signal })
    } catch (error) {
      throw signal?.aborted === true ? new ApprovalUnknownError(run, error) : error
    }
  }

  reject(run: number, { reason }: { readonly reason?: string | undefined }): Promise<RunReport> {
    return this.link.client.call(routes.reject, { params: { run }, body: { reason } })
  }

  releaseDelivery(id: string, { reason }: { readonly reason?: string | undefined }): Promise<DeliveryRecord> {
    return this.link.client.call(routes.releaseDelivery, { params: { delivery: id }, body: { reason } })
  }

  cancelDelivery(id: string, { reason }: { readonly reason?: string | undefined }): Promise<DeliveryRecord> {
    return this.link.client.call(routes.cancelDelivery, { params: { delivery: id }, body: { reason } })
  }
}

/** What a server answers to whoever asks what would be done. */
export function planOf({
  report,
  changes,
  rejected,
}: Pick<z.output<typeof routes.runTable.reply.schema>, 'report' | 'changes' | 'rejected'>): Plan {
  if (report === null) throw new Error('A server planned a run and reported nothing of it.')
  return { report, changes, rejected }
}

/** Its last run has decided about it, or says why none will. */
