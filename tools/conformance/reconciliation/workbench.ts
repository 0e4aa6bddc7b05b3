/**
 * A scenario's repository at work: its configuration, what stands in it, and what people and tools do to it.
 *
 * @module
 */
import { type LoadResult, openSynchronizer, type Runner, type Synchronizer } from '@sluice/inbox'
import {
  AnsweredError,
  type Configuration,
  type Edit,
  type EditorRole,
  parseConfiguration,
  type RunReport,
  SluiceError,
} from '@sluice/model'
import { assertedTable, identifier, openRepository, type Repository } from '@sluice/repository'
import type { Workplace } from '../suite.ts'
import { type ConfiguredSources, configurationOf } from './configuration-of.ts'
import type {
  By,
  LoadStep,
  RunStep,
  Scenario,
  ScenarioModel,
  SourceDefinition,
  StagedRow,
  SyncStep,
} from './scenario.ts'

export class RefusedDefinition extends Error {}

export interface LoadOutcome {
  readonly refused: boolean
  readonly code: string | null
  readonly rows: number
  readonly inserted: number
  readonly changed: number
  readonly identical: number
  readonly issues: number
  readonly duplicates: number
  readonly warnings: number
}

export interface RunOutcome {
  readonly status: 'completed' | 'refused' | 'not_started'
  readonly code: string | null
  readonly report: RunReport | undefined
}

export class Workbench implements AsyncDisposable {
  readonly repository: Repository
  #configured: ConfiguredSources
  #configuration: Configuration
  readonly aliases = new Map<string, number>()
  /** Of each step that may make a run: its number; none where it has made none. */
  readonly made: (number | undefined)[] = []

  private constructor(repository: Repository, configured: ConfiguredSources, configuration: Configuration) {
    this.repository = repository
    this.#configured = configured
    this.#configuration = configuration
  }

  static async open(workplace: Workplace, model: ScenarioModel, scenario: Scenario): Promise<Workbench> {
    const configured = {
      types: { ...model.entityTypes, ...scenario.model?.entityTypes },
      sources: scenario.sources ?? {},
      obsoleteReplicasLock: scenario.settings?.obsoleteReplicasLock ?? true,
    }
    const configuration = resolved(configured)
    const repository = await openRepository(workplace.repository)
    await repository.evolve(configuration)
    return new Workbench(repository, configured, configuration)
  }

  get configuration(): Configuration {
    return this.#configuration
  }

  get types(): ConfiguredSources['types'] {
    return this.#configured.types
  }

  get sources(): ConfiguredSources['sources'] {
    return this.#configured.sources
  }

  async define(name: string, definition: SourceDefinition | undefined): Promise<void> {
    const { [name]: _, ...others } = this.#configured.sources
    const sources = definition === undefined ? others : { ...this.#configured.sources, [name]: definition }
    const configured = { ...this.#configured, sources }
    const configuration = resolved(configured)
    await this.repository.evolve(configuration, { allowLoss: true })
    this.#configured = configured
    this.#configuration = configuration
  }

  /** `${alias}` stands for an id. */
  fill(text: string): string {
    return text.replace(/\$\{(\w+)\}/g, (_, alias: string) => String(this.aliases.get(alias) ?? ''))
  }

  async rows<R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> {
    const { rows } = await this.repository.database.session((session) => session.query<R>(text, values))
    return rows
  }

  definitionOf(source: string): SourceDefinition {
    const definition = this.#configured.sources[source]
    if (definition === undefined) throw new Error(`There is no source ${source}.`)
    return definition
  }

  async sourceId(source: string): Promise<number> {
    const [row] = await this.rows<{ source_id: number }>(
      'select source_id from sluice_source where name = $1',
      [source],
    )
    return row?.source_id ?? 0
  }

  async assertedTable(source: string): Promise<string> {
    return assertedTable(this.definitionOf(source).entityType, await this.sourceId(source))
  }

  #synchronizer(): Synchronizer {
    return openSynchronizer({ repository: this.repository, configuration: this.#configuration })
  }

  async load(step: LoadStep): Promise<LoadOutcome> {
    try {
      const { load } = await this.#synchronizer().tables.load(step.source, this.#requestOf(step), {
        by: administrator,
        run: false,
      })
      return loadedBy(load)
    } catch (error) {
      return refusedLoad(error)
    }
  }

  #requestOf({ csv, separator, dateFormat, mode }: LoadStep) {
    return { csv: this.fill(csv), separator, dateFormat: dateFormat ?? 'Y-m-d', mode }
  }

  async run(step: RunStep): Promise<RunOutcome> {
    const { tables } = this.#synchronizer()
    const options = { by: administrator, runner: runnerOf(step.by), force: step.force }
    return await outcomeOfRun(
      async () =>
        step.simulate === true
          ? (await tables.plan(step.source, { ...options, sample: 1 })).report
          : await tables.synchronize(step.source, options),
      step,
    )
  }

  async synchronize(step: SyncStep): Promise<{ readonly load: LoadOutcome; readonly run: RunOutcome }> {
    const { tables } = this.#synchronizer()
    const options = { by: administrator, runner: runnerOf(step.by), force: step.force }
    try {
      if (step.simulate === true) {
        const { load, plan } = await tables.planLoad(step.source, this.#requestOf(step), {
          ...options,
          sample: 1,
        })
        return { load: loadedBy(load), run: completed(plan.report, step) }
      }
      const { load, report, refusal } = await tables.load(step.source, this.#requestOf(step), options)
      const run = refusal === null ? completed(report ?? undefined, step) : refusedRun(refusal)
      return { load: loadedBy(load), run }
    } catch (error) {
      return { load: refusedLoad(error), run: { status: 'not_started', code: null, report: undefined } }
    }
  }

  async edit(
    edit: Edit,
    role: EditorRole,
  ): Promise<{ readonly id: number | undefined; readonly run: number | null } | SluiceError> {
    try {
      const by = { kind: 'person' as const, name: role }
      const { resources, report } = await this.#synchronizer().edit({ edits: [edit], role }, { by })
      const [resource] = resources
      return { id: resource === undefined ? undefined : Number(resource.resourceId), run: report.run }
    } catch (error) {
      if (error instanceof SluiceError) return error
      throw error
    }
  }

  /** The run that took the other one back. */
  async revert(run: number, skipConflicts: boolean): Promise<{ readonly run: number | null } | SluiceError> {
    try {
      const options = { by: administrator, force: true }
      const { run: made } = await this.#synchronizer().revert({ revert: run, skipConflicts }, options)
      return { run: made }
    } catch (error) {
      if (error instanceof SluiceError) return error
      throw error
    }
  }

  /** Time passes for what is stored. */
  async pass(seconds: number): Promise<void> {
    const earlier = (column: string) => `${column} = ${column} - ${seconds} * interval '1 second'`
    const statements = [`update sluice_load set ${earlier('loaded_at')}`]
    for (const source of this.#configuration.sources.values()) {
      for (const { entityType } of source.entities) {
        const replicas = identifier(`replica_${source.name}_${entityType.toLowerCase()}`)
        statements.push(`update ${replicas} set ${earlier('last_seen')}, ${earlier('absent_since')}`)
      }
    }
    await this.repository.database.transaction(async (session) => {
      for (const statement of statements) await session.execute(statement)
    })
  }

  async stage(
    source: string,
    rows: {
      readonly insert?: readonly StagedRow[] | undefined
      readonly update?: readonly StagedRow[] | undefined
      readonly delete?: readonly string[] | undefined
    },
  ): Promise<void> {
    const table = identifier(await this.assertedTable(source))
    await this.repository.database.transaction(async (session) => {
      for (const { key, ...values } of rows.insert ?? []) {
        const entries = this.#entries(values)
        const names = ['primary_key', ...entries.map(([name]) => name)].map(identifier).join(', ')
        const marks = ['$1', ...entries.map((_, index) => `$${index + 2}`)].join(', ')
        await session.query(`insert into ${table} (${names}) values (${marks})`, [
          this.fill(key ?? ''),
          ...entries.map(([, value]) => value),
        ])
      }
      for (const { key, ...values } of rows.update ?? []) {
        const entries = this.#entries(values)
        const sets = [
          'primary_key = primary_key',
          ...entries.map(([name], index) => `${identifier(name)} = $${index + 2}`),
        ]
        await session.query(`update ${table} set ${sets.join(', ')} where primary_key = $1`, [
          this.fill(key ?? ''),
          ...entries.map(([, value]) => value),
        ])
      }
      for (const key of rows.delete ?? [])
        await session.query(`delete from ${table} where primary_key = $1`, [this.fill(key)])
    })
  }

  #entries(values: StagedRow): readonly (readonly [string, string | null])[] {
    return Object.entries(values).map(([name, value]) => [
      columnName(name),
      value === null ? null : this.fill(value),
    ])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.repository[Symbol.asyncDispose]()
  }
}

const administrator = { kind: 'person', name: 'admin' } as const

function runnerOf(by: By | undefined): Runner | undefined {
  return by === undefined ? undefined : { name: by.user ?? by.role, administrator: by.role === 'admin' }
}

function loadedBy({
  rows,
  inserted,
  changed,
  identical,
  issues,
  duplicates,
  warnings,
}: LoadResult): LoadOutcome {
  const counts = { rows, inserted, changed, identical, issues, duplicates, warnings }
  return { refused: false, code: null, ...counts }
}

const nothing = { rows: 0, inserted: 0, changed: 0, identical: 0, issues: 0, duplicates: 0, warnings: 0 }

function refusedLoad(error: unknown): LoadOutcome {
  if (!(error instanceof AnsweredError)) throw error
  return { refused: true, code: reasonOf(error), ...nothing }
}

async function outcomeOfRun(work: () => Promise<RunReport | undefined>, step: RunStep): Promise<RunOutcome> {
  try {
    return completed(await work(), step)
  } catch (error) {
    if (error instanceof SluiceError) return refusedRun(error)
    throw error
  }
}

function refusedRun(error: SluiceError): RunOutcome {
  return { status: 'refused', code: reasonOf(error), report: undefined }
}

function reasonOf(error: SluiceError): string {
  const reason = error instanceof AnsweredError ? error.details?.['reason'] : undefined
  return typeof reason === 'string' ? reason : error.code
}

/** A run that is held has done nothing; a simulated one would be. */
function completed(report: RunReport | undefined, { simulate, force }: RunStep): RunOutcome {
  const wouldBeHeld = simulate === true && force !== true && (report?.exceeded.length ?? 0) > 0
  if (report === undefined || (report.state !== 'held' && !wouldBeHeld))
    return { status: 'completed', code: null, report }
  const everything = report.exceeded.some(({ threshold }) => threshold === 'everything')
  return { status: 'refused', code: everything ? 'guard_everything' : 'guard_percentage', report: undefined }
}

/** Columns bear the names of properties in snake_case. */
export function columnName(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

function resolved(configured: ConfiguredSources): Configuration {
  const text = JSON.stringify(configurationOf(configured))
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text }])
  if (configuration === undefined) {
    throw new RefusedDefinition(findings.map(({ message }) => message).join('\n'))
  }
  return configuration
}
