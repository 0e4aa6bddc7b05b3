/**
 * A scenario's repository at work: its configuration, what stands in it, and what people and tools do to it.
 *
 * @module
 */
import { openEngine, produceFromReplicas } from '@sluice/engine'
import { type Configuration, parseConfiguration, type RunReport } from '@sluice/model'
import { assertedTable, identifier, openRepository, type Repository } from '@sluice/repository'
import type { Workplace } from '../suite.ts'
import { type ConfiguredSources, configurationOf } from './configuration-of.ts'
import { type LoadResult, loadCsv } from './load-csv.ts'
import type { LoadStep, RunStep, Scenario, ScenarioModel, SourceDefinition, StagedRow } from './scenario.ts'

export class RefusedDefinition extends Error {}

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

  async load(step: LoadStep): Promise<LoadResult> {
    return await loadCsv(this, step)
  }

  async run(step: RunStep, loaded: boolean): Promise<RunOutcome> {
    const refused = this.#refusalOf(step)
    if (refused !== undefined) return { status: 'refused', code: refused, report: undefined }
    const engine = openEngine({ repository: this.repository, configuration: this.#configuration })
    const request = {
      origin: {
        cause: 'replicas' as const,
        by: { kind: 'person' as const, name: step.by?.user ?? 'admin' },
        source: step.source,
        delivery: null,
        mode: null,
      },
      produce: produceFromReplicas({ source: step.source, loaded }),
      rows: 100,
      forced: step.force,
    }
    const report =
      step.simulate === true
        ? (await engine.plan({ ...request, sample: 1 })).report
        : await engine.run(request)
    const everything = report?.exceeded.find(({ threshold }) => threshold === 'everything')
    if (report?.state === 'held') {
      const code = everything === undefined ? 'guard_percentage' : 'guard_everything'
      return { status: 'refused', code, report: undefined }
    }
    return { status: 'completed', code: null, report }
  }

  #refusalOf({ source, by }: RunStep): string | undefined {
    const { status, owner } = this.definitionOf(source)
    if (by?.role === 'user' && by.user !== owner) return 'not_allowed'
    return status === 'obsolete' ? 'source_obsolete' : undefined
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
