/**
 * The sources of a repository that is in this process.
 *
 * Each change reads files and repository anew, holds the whole of it against the model, and carries it into the tables in the
 * transaction that stores it: what is stored always works.
 *
 * @module
 */
import { describeConnector, loadConnector } from '@sluice/connectors'
import { openSynchronizer, type SynchronizerOptions } from '@sluice/inbox'
import {
  type AppliedDefinitions,
  type Configuration,
  type ConfigurationFile,
  type DescribedConnector,
  type DescribedSource,
  definitionOfGone,
  definitionsIn,
  differencesOf,
  findingCodes,
  formatFinding,
  type RunBy,
  renamedDefinition,
  type SourceChange,
  type SourceHoldings,
  type SourceRecord,
  type StoredDefinition,
  type Suspension,
  valueOfDefinition,
  withModules,
} from '@sluice/model'
import {
  DefinedInFileError,
  DefinitionLossError,
  DefinitionsBusyError,
  type Evolution,
  evolveWithin,
  FateNotSaidError,
  forgetDefinition,
  InvalidDefinitionError,
  lockModel,
  ModelLossError,
  ModulesChangedError,
  modelOf,
  NoSuchSourceError,
  noteChange,
  putDefinition,
  type Renames,
  type Repository,
  readChanges,
  readDefinitions,
  readHoldings,
  readRevision,
  readSuspensions,
  renamesOf,
  resumeSource,
  type Session,
  SourceNameTakenError,
  type StoredDefinitions,
  storeDefinition,
  suspendSource,
  versionOfModules,
} from '@sluice/repository'
import type { ProjectText } from '../folder/load-configuration.ts'
import { described, type KnownDefinitions, namesOf, placeText, recordOf } from './list-sources.ts'
import type {
  ApplyOptions,
  DeletedSource,
  DeleteOptions,
  NewModules,
  Plan,
  Sources,
  SuspendOptions,
} from './sources.ts'

export interface LocalSourcesParts {
  readonly repository: Repository
  /** Reads the files of the project, as they are now. */
  readonly read: () => Promise<ProjectText>
  /** Who changes something, unless a call names somebody else. */
  readonly by: RunBy
  /** Where deliveries arrive. */
  readonly inboxOf?: ((configuration: Configuration) => SynchronizerOptions['inbox']) | undefined
}

/** The definitions changed between reading and writing them: all of it is done again. */
const again = Symbol('again')
const attempts = 5

export class LocalSources implements Sources {
  readonly #parts: LocalSourcesParts

  constructor(parts: LocalSourcesParts) {
    this.#parts = parts
  }

  async list(): Promise<readonly SourceRecord[]> {
    const known = await this.#known()
    const suspensions = await this.#session((session) => readSuspensions(session))
    const records: SourceRecord[] = []
    for (const name of namesOf(known)) {
      const holdings = await this.#holdings(known, name)
      const record = await recordOf(this.#parts.repository, known, name, holdings)
      records.push({ ...record, suspension: suspensions.get(name) ?? null })
    }
    return records
  }

  async describe(source: string): Promise<DescribedSource> {
    const known = await this.#known()
    const found = described(known, source)
    if (found === undefined) throw new NoSuchSourceError(source, namesOf(known))
    const suspensions = await this.#session((session) => readSuspensions(session, source))
    const { sources } = await this.#parts.repository.sourceStates()
    return {
      ...found,
      suspension: suspensions.get(source) ?? null,
      lastError: sources.get(source)?.lastError ?? null,
    }
  }

  async connector(source: string): Promise<DescribedConnector | null> {
    const known = await this.#known()
    const by = known.configuration.sources.get(source)?.export
    if (by === undefined || !('connector' in by)) {
      if (namesOf(known).includes(source)) return null
      throw new NoSuchSourceError(source, namesOf(known))
    }
    const found = await loadConnector(by.connector, by.workingFolder)
    const name = by.connector
    return 'problem' in found ? { name, title: null, schema: null } : { name, ...describeConnector(found) }
  }

  async history(source: string): Promise<readonly SourceChange[]> {
    const changes = await this.#session((session) => readChanges(session, source))
    if (changes.length === 0) await this.describe(source)
    return changes
  }

  async holdings(source: string): Promise<SourceHoldings> {
    const known = await this.#known()
    if (!namesOf(known).includes(source)) throw new NoSuchSourceError(source, namesOf(known))
    return await this.#holdings(known, source)
  }

  async apply(file: ConfigurationFile, options: ApplyOptions = {}): Promise<AppliedDefinitions> {
    return await this.#untilDone(() => this.#apply(file, options))
  }

  async #apply(file: ConfigurationFile, { dryRun, allowLoss, by = this.#parts.by }: ApplyOptions) {
    const stored = await this.#session(readDefinitions)
    const { configuration, findings } = await (await this.#parts.read()).parse({
      stored: stored.definitions,
      applied: file,
    })
    if (configuration === undefined) throw new InvalidDefinitionError(findings)
    const given = definitionsIn(file.text)
    if (given.length === 0) throw new InvalidDefinitionError([holdsNothing(file)])
    for (const { name } of given)
      refuseOfFile(configuration, name, (place) => `Change it in ${place}, or take it out there first.`)
    const sources = given.map((definition) => outcomeOf(definition, stored))
    const changed = given.filter((_, index) => sources[index]?.outcome !== 'unchanged')
    const { changes } = await this.#carry(configuration, stored, {
      allowLoss,
      by,
      dryRun: dryRun === true,
      write: async (session) => {
        for (const definition of changed) {
          const { outcome } = outcomeOf(definition, stored)
          const event = outcome === 'created' ? 'created' : 'changed'
          await storeDefinition(session, definition, { event, by })
        }
      },
    })
    const own = findings.filter((finding) => finding.file === file.path)
    return { sources, changes: [...changes], findings: own.map(formatFinding) }
  }

  async writeModules(
    source: string,
    { modules, version }: NewModules,
    options: ApplyOptions = {},
  ): Promise<AppliedDefinitions> {
    return await this.#untilDone(async () => {
      const known = await this.#known()
      if (!namesOf(known).includes(source)) throw new NoSuchSourceError(source, namesOf(known))
      refuseOfFile(known.configuration, source, (place) => `Change the modules that ${place} names.`)
      const kept = known.stored.find(({ name }) => name === source)
      const { graph } = known.configuration.sources.get(source) ?? {}
      if (kept === undefined || versionOfModules(graph?.modules ?? []) !== version)
        throw new ModulesChangedError(source)
      const file = { path: `definition of ${source}`, text: withModules(kept, modules).text }
      return await this.#apply(file, options)
    })
  }

  async rename(
    from: string,
    to: string,
    { by = this.#parts.by }: Pick<ApplyOptions, 'by'> = {},
  ): Promise<void> {
    await this.#untilDone(() => this.#rename(from, to, by))
  }

  async #rename(from: string, to: string, by: RunBy): Promise<void> {
    const known = await this.#known()
    const { stored, configuration } = known
    refuseOfFile(configuration, from, () => `Write there instead: ${to}: {renamedFrom: ${from}, …}`)
    const kept = stored.find(({ name }) => name === from)
    if (kept === undefined) {
      if (!known.model.sources.has(from)) throw new NoSuchSourceError(from, namesOf(known))
      const remedy = `Define ${to} in a file, with renamedFrom: ${from}.`
      throw new DefinedInFileError(from, 'no file any more', remedy)
    }
    if (namesOf(known).includes(to)) throw new SourceNameTakenError(to)
    const renamed = renamedDefinition(kept, to)
    const others = stored.filter(({ name }) => name !== from)
    const next = await (await this.#parts.read()).parse({ stored: [...others, renamed] })
    if (next.configuration === undefined) throw new InvalidDefinitionError(next.findings)
    await this.#carry(next.configuration, known.definitions, {
      by,
      renames: new Map([[to, from]]),
      write: (session) => putDefinition(session, renamed, by),
    })
  }

  async suspend(source: string, options: SuspendOptions = {}): Promise<Suspension> {
    const { by = this.#parts.by, reason, until } = options
    await this.#requireKnown(source)
    return await this.#transaction((session) => suspendSource(session, { source, by, reason, until }))
  }

  async resume(source: string, { by = this.#parts.by }: Pick<SuspendOptions, 'by'> = {}): Promise<boolean> {
    await this.#requireKnown(source)
    return await this.#transaction((session) => resumeSource(session, { source, by }))
  }

  async #requireKnown(source: string): Promise<void> {
    const names = namesOf(await this.#known())
    if (!names.includes(source)) throw new NoSuchSourceError(source, names)
  }

  async remove(source: string, options: DeleteOptions = {}): Promise<DeletedSource> {
    const { by = this.#parts.by, resources: fate, force } = options
    const known = await this.#known()
    const definition = known.configuration.definitions.get(source)
    if (definition?.shadowsStored === true) {
      await this.#forgetShadowed(source, by)
      return { report: null }
    }
    const configuration = await this.#untilDone(() =>
      this.#leaving(source, by, { adopt: fate !== undefined }),
    )
    if (fate === undefined) throw new FateNotSaidError(source, await this.#holdings(known, source))
    const report = await this.#removals(configuration).remove(source, { by, fate, force })
    await this.#parts.repository.database.checkpoint()
    return { report }
  }

  async planRemoval(source: string, options: DeleteOptions): Promise<Plan> {
    const { by = this.#parts.by, resources: fate } = options
    const configuration = await this.#leaving(source, by, { adopt: false })
    if (fate === undefined) throw new FateNotSaidError(source, await this.holdings(source))
    return await this.#removals(configuration).plan(source, { by, fate })
  }

  /**
   * The configuration with a source in it that is to go. One that is gone from the files is stored first (`adopt`), so that every process
   * knows it until it is gone: somebody may have to approve its run.
   */
  async #leaving(source: string, by: RunBy, { adopt }: { readonly adopt: boolean }): Promise<Configuration> {
    const known = await this.#known()
    refuseOfFile(known.configuration, source, (place) => `Take it out of ${place}; then delete it.`)
    if (known.configuration.sources.has(source)) {
      await this.#carry(known.configuration, known.definitions, { by, write: async () => undefined })
      return known.configuration
    }
    const gone = known.model.sources.get(source)
    if (gone === undefined) throw new NoSuchSourceError(source, namesOf(known))
    const definition = definitionOfGone(gone)
    const next = await (await this.#parts.read()).parse({ stored: [...known.stored, definition] })
    if (next.configuration === undefined) throw new InvalidDefinitionError(next.findings)
    if (adopt)
      await this.#carry(next.configuration, known.definitions, {
        by,
        write: (session) => storeDefinition(session, definition, { event: 'created', by }),
      })
    return next.configuration
  }

  async #forgetShadowed(source: string, by: RunBy): Promise<void> {
    await this.#parts.repository.database.transaction(async (session) => {
      if (!(await forgetDefinition(session, source))) return
      const detail = 'a file defines it'
      await noteChange(session, { source, event: 'deleted', definition: null, detail, by })
    })
  }

  #removals(configuration: Configuration) {
    const { repository, inboxOf } = this.#parts
    return openSynchronizer({ repository, configuration, inbox: inboxOf?.(configuration) }).removals
  }

  /** Lets the tables follow, and writes the definitions with it; or says what that would change. */
  async #carry(
    configuration: Configuration,
    { revision }: Pick<StoredDefinitions, 'revision'>,
    of: {
      readonly by: RunBy
      readonly allowLoss?: boolean | undefined
      readonly renames?: Renames | undefined
      readonly dryRun?: boolean | undefined
      readonly write: (session: Session) => Promise<void>
    },
  ): Promise<Evolution> {
    const { database } = this.#parts.repository
    const { by, allowLoss, renames = renamesOf(configuration) } = of
    const after = modelOf(configuration)
    const work = async (session: Session) => {
      await lockModel(session, database.schema)
      if ((await readRevision(session)) !== revision) throw again
      const evolution = await evolveWithin(database, session, after, { allowLoss, renames, meant: true, by })
      await of.write(session)
      if (of.dryRun === true) throw new RolledBack(evolution)
      return evolution
    }
    try {
      return await database.transaction(work)
    } catch (error) {
      if (error instanceof RolledBack) return error.evolution
      if (error instanceof ModelLossError) throw new DefinitionLossError(error.losses)
      throw error
    } finally {
      await database.checkpoint()
    }
  }

  async #untilDone<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        if (error !== again) throw error
      }
    }
    throw new DefinitionsBusyError()
  }

  async #known(): Promise<KnownDefinitions & { readonly definitions: StoredDefinitions }> {
    const definitions = await this.#session(readDefinitions)
    const configuration = await (await this.#parts.read()).require({ stored: definitions.definitions })
    const model = await this.#parts.repository.model()
    return { configuration, stored: definitions.definitions, model, definitions }
  }

  async #holdings({ model }: KnownDefinitions, name: string): Promise<SourceHoldings> {
    const source = model.sources.get(name)
    if (source === undefined) return nothing
    return await this.#session((session) => readHoldings(session, model, source))
  }

  async #transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { database } = this.#parts.repository
    const result = await database.transaction(work)
    await database.checkpoint()
    return result
  }

  #session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#parts.repository.database.session(work)
  }
}

const nothing: SourceHoldings = {
  replicas: 0,
  resources: 0,
  links: 0,
  sharedResources: 0,
  created: 0,
  deliveries: 0,
  orders: 0,
}

/** Carries what was computed out of a transaction that must not be committed. */
class RolledBack {
  readonly evolution: Evolution
  constructor(evolution: Evolution) {
    this.evolution = evolution
  }
}

function refuseOfFile(
  { definitions }: Pick<Configuration, 'definitions'>,
  source: string,
  remedy: (place: string) => string,
): void {
  const definition = definitions.get(source)
  if (definition?.definedIn !== 'file') return
  const place = placeText(definition.place)
  throw new DefinedInFileError(source, place, remedy(place))
}

function outcomeOf(
  { name, text }: StoredDefinition,
  { definitions }: StoredDefinitions,
): AppliedDefinitions['sources'][number] {
  const kept = definitions.find((one) => one.name === name)
  if (kept === undefined) return { name, outcome: 'created', differences: [] }
  if (kept.text === text) return { name, outcome: 'unchanged', differences: [] }
  const differences = [...differencesOf(valueOfDefinition(kept), valueOfDefinition({ name, text }))]
  return { name, outcome: 'changed', differences }
}

function holdsNothing({ path }: ConfigurationFile) {
  return {
    severity: 'error',
    code: findingCodes.wrongValue,
    file: path,
    line: 1,
    column: 1,
    message: 'The file has no sources.',
    remedy: 'Write sources: with at least one below it, as in sluice.yaml.',
  } as const
}
