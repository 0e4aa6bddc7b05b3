/**
 * Ages sources: what has disappeared for long enough goes, in a run that does nothing else. By itself, now and then, or when somebody wants it.
 *
 * Any number of processes may do so: whoever has the lock of a source looks under it whether anything has aged, and records a run
 * only where something is.
 *
 * @module
 */
import {
  type Aged,
  type Engine,
  overtakeHeldRun,
  type PlanResult,
  produceAgeing,
  type RunRequest,
} from '@sluice/engine'
import {
  ages,
  type Configuration,
  type OnProgress,
  type RunBy,
  type RunReport,
  runLife,
  type Source,
} from '@sluice/model'
import {
  commas,
  type Database,
  isSuspended,
  one,
  requireNotSuspended,
  type Session,
  sourceLock,
  sql,
  statement,
} from '@sluice/repository'
import { inTurn } from '../load/in-turn.ts'
import { UnknownDeliverySourceError } from '../queue/delivery-errors.ts'
import { heldRuns, originOfRun, type Runner, replaced, replaceHeld, requireMayRun } from './run-of-table.ts'

export interface AgeOptions {
  /** Who makes a run happen. */
  readonly by: RunBy
  /** Who wants it; whoever has the repository at hand when absent, who may run everything. */
  readonly runner?: Runner | undefined
  /** Past the thresholds. */
  readonly force?: boolean | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PlanAgeingOptions extends Omit<AgeOptions, 'force'> {
  /** Changes shown of each operation of each entity type and association. */
  readonly sample: number
}

export interface SourceAgeing {
  /** Sources of which anything can age at all, in the order of the configuration. */
  sources(): readonly string[]
  /** `undefined`: nothing has aged, and nothing is written. Waits for other runs of the source. */
  age(source: string, options: AgeOptions): Promise<RunReport | undefined>
  /** As `age`, because the time has come: leaves a source alone on which somebody works, or about whose run somebody has to decide. */
  ageByItself(source: string, options?: Pick<AgeOptions, 'signal'>): Promise<RunReport | undefined>
  /** What a run would do; `undefined`: nothing has aged. */
  plan(source: string, options: PlanAgeingOptions): Promise<PlanResult | undefined>
  /** Computes a run held before anew; `undefined`: it is none that ages. */
  computeAgain(run: number): Promise<RunReport | undefined>
}

export interface AgeingParts {
  readonly database: Database
  readonly configuration: Pick<Configuration, 'sources'>
  readonly engine: Pick<Engine, 'run' | 'plan' | 'aged'>
  /** Notes the runs of the source as interrupted of which a process died. */
  readonly settleLeft: (source: string) => Promise<unknown>
}

export function sourceAgeing(parts: AgeingParts): SourceAgeing {
  const { database, configuration } = parts
  const sourceOf = (name: string, runner: Runner | undefined) => {
    const source = configuration.sources.get(name)
    if (source === undefined) throw new UnknownDeliverySourceError(name)
    // Of one that never ages there is nothing to refuse.
    if (ages({ ...source, status: undefined })) requireMayRun(source, runner)
    return source
  }
  return {
    sources: () => [...configuration.sources.values()].filter(ages).map(({ name }) => name),
    async age(name, options) {
      const source = sourceOf(name, options.runner)
      return await inTurn(database, name, options.signal, () => ageNow(parts, source, options))
    },
    async ageByItself(name, options = {}) {
      const source = configuration.sources.get(name)
      if (source === undefined || !ages(source)) return undefined
      const done = await database.exclusively(sourceLock(name), async () => {
        if (await database.session((session) => isToBeSpared(session, name))) return undefined
        return await ageNow(parts, source, { ...options, by: byItself })
      })
      return done?.result
    },
    async plan(name, options) {
      const source = sourceOf(name, options.runner)
      if (isNothing(await agedOf(parts, source))) return undefined
      return await planAgeing(parts, source, options)
    },
    async computeAgain(run) {
      const name = await database.session((session) => sourceOfAgeing(session, run))
      if (name === null) return undefined
      const source = sourceOf(name, undefined)
      const { by } = await originOfRun(database, run)
      return await inTurn(database, name, undefined, () => runAgeing(parts, source, { by, again: run }))
    },
  }
}

const byItself: RunBy = { kind: 'schedule', name: 'ageing' }

function isNothing({ due, refused }: Aged): boolean {
  return due + refused === 0
}

async function agedOf({ engine }: AgeingParts, source: Source): Promise<Aged> {
  return ages(source) ? await engine.aged(source.name) : { due: 0, refused: 0 }
}

/** What could not go before is tried where it would go by now; else it leaves no run behind. */
async function ageNow(
  parts: AgeingParts,
  source: Source,
  options: AgeOptions,
): Promise<RunReport | undefined> {
  const aged = await agedOf(parts, source)
  if (isNothing(aged)) return undefined
  if (aged.due === 0) {
    const { force: _, ...asked } = options
    const { report } = await planAgeing(parts, source, { ...asked, sample: 1 })
    if (!doesAnything(report)) return undefined
  }
  return await runAgeing(parts, source, options)
}

function doesAnything({ entities }: RunReport): boolean {
  return entities.some(
    ({ replicas }) => replicas !== undefined && replicas.deleted + replicas.obsoleted + replicas.noAction > 0,
  )
}

async function runAgeing(
  { database, engine, settleLeft }: AgeingParts,
  source: Source,
  options: AgeOptions & { readonly again?: number },
): Promise<RunReport> {
  const { name } = source
  await settleLeft(name)
  await database.session((session) => requireNotSuspended(session, name))
  await replaceHeld(database, name, ['ageing'])
  const { force: forced, again, signal } = options
  const report = await engine.run({ ...requestOf(source, options), forced, again, signal })
  if (report === undefined) throw new Error(`Another process runs ${name}, whose lock is ours.`)
  return report
}

async function planAgeing(
  { engine }: AgeingParts,
  source: Source,
  options: PlanAgeingOptions,
): Promise<PlanResult> {
  const { sample, signal } = options
  return await engine.plan({ ...requestOf(source, options), sample, signal })
}

/** Rows of which nobody knows how many there are may be many. */
const many = 100_000

function requestOf({ name: source }: Source, { by, onProgress }: AgeOptions): RunRequest {
  return {
    origin: { cause: 'ageing', by, source, delivery: null, mode: null },
    produce: produceAgeing({ source, onProgress }),
    rows: many,
    onProgress,
  }
}

async function sourceOfAgeing(session: Session, run: number): Promise<string | null> {
  const found = statement<{ source: string | null }>(
    'ageing/source-of-run',
    sql`select max(s.name) as source from sluice_run r join sluice_source s using (source_id)
    where r.run_id = ${sql.literal(run)} and r.cause = 'ageing'`,
  )
  return (await one(session, found)).source
}

/**
 * The source is suspended, or a run of it waits for a decision; or somebody has decided against what would be done again, or it has failed just now. Whoever
 * asks for it gets it all the same.
 */
async function isToBeSpared(session: Session, source: string): Promise<boolean> {
  const held = commas(runLife.statesThatTake('approved').map((state) => sql.literal(state)))
  const rejected = sql.literal(runLife.destinationOf('rejected'))
  const spared = statement<{ spared: boolean }>(
    'ageing/is-to-be-spared',
    sql`select ${isSuspended(sql`s.source_id`)} or exists (select from sluice_run r where r.source_id = s.source_id and r.state in (${held}))
      or coalesce((select case r.state when ${rejected} then r.finished_at > clock_timestamp() - interval '1 day'
          when ${sql.literal(runLife.destinationOf('failed'))} then r.finished_at > clock_timestamp() - interval '1 hour' else false end
        from sluice_run r where r.source_id = s.source_id and r.cause = 'ageing' order by -r.run_id limit 1), false) as spared
    from sluice_source s where s.name = ${sql.value(source)}`,
  )
  return (await one(session, spared)).spared
}

/** What a run of the source does about one that is held and would let go what has aged; `undefined`: it never has one. */
export function overtakingAgeing(
  source: Source | undefined,
): ((session: Session, delivery: string) => Promise<void>) | undefined {
  if (source === undefined || !ages(source)) return undefined
  return async (session, replacement) => {
    for (const held of await heldRuns(session, source.name, ['ageing']))
      await overtakeHeldRun(session, held, { replacement, reason: replaced })
  }
}
