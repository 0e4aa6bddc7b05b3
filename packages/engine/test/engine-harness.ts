/**
 * A harness for tests of the engine: a repository, a configuration of a few lines, and deliveries of small
 * tables through the real inbox.
 *
 * Files are written as prepare would write them, so the engine is tested without an agent. One database
 * is opened per test file and kind and emptied between tests, because opening PGlite costs seconds on a
 * busy machine. Every report is held to its sums on the way (principle 3).
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  associationColumns,
  type Configuration,
  type DeliveryMode,
  deliveredAs,
  entityColumns,
  type PreparedColumn,
  parseConfiguration,
  type RunReport,
  switchedOff,
  switchedOn,
} from '@sluice/model'
import type { Manifest, PreparedFile } from '@sluice/protocol'
import { type Database, openRepository, type Repository, type Row } from '@sluice/repository'
import { afterAll, beforeAll, describe } from 'vitest'
import { type DatabaseKind, databases, migratedLocation } from '../../../test/databases.ts'
import { NewSchema } from '../../../test/new-schema.ts'
import { kindsOf, thorough } from '../../../test/thoroughness.ts'
import { openSynchronizer, type Synchronizer } from '../../inbox/src/index.ts'
import { expectSums } from './expect-sums.ts'
import { syncmappingsOf } from './syncmappings.ts'

/** A header and rows, separated by commas and line breaks; or rows by column, for values that hold those. */
export type TableText = string | readonly Readonly<Record<string, string>>[]

/** One table per mapping; what is left out stays as the source delivered it last. */
export type Tables = Readonly<Record<string, TableText>>

/** A row that prepare could not read: its fields, as far as they are known. */
export interface UnreadableRow {
  readonly mapping: string
  readonly fields: readonly string[]
  /** Nothing of it could be read: it may be anything of the mapping. */
  readonly anyKey?: true
}

export interface DeliverOptions {
  /** Incremental: tables are deltas with a column `command`, and what is left out says nothing. */
  readonly mode?: DeliveryMode | undefined
  /** Incremental: the delivery it builds on; the last one that was sent, unless said otherwise. */
  readonly base?: string | undefined
  readonly force?: boolean | undefined
  readonly unreadable?: readonly UnreadableRow[] | undefined
  /** Complete: what changed since the agent's reference, as deltas; since the last delivery that was sent. */
  readonly since?: Tables | undefined
  /** Complete: the delivery that the agent has the unreadable rows from. */
  readonly keptFrom?: string | undefined
  /** Incremental: the associations whose rows are commands about the entity at this end. */
  readonly follows?: Readonly<Record<string, 'from' | 'to'>> | undefined
}

/** Texts of syncmappings, by file. */
export type Modules = Readonly<Record<string, string>>

export interface EngineHarness {
  readonly kind: DatabaseKind
  readonly database: Database
  readonly repository: Repository
  readonly engine: Synchronizer
  readonly configuration: Configuration
  /** Empties the repository and lets it follow `yaml` (a configuration without `repository`). */
  begin(yaml: string, modules?: Modules): Promise<void>
  /** The same repository under another configuration. */
  reconfigure(yaml: string, modules?: Modules): Promise<void>
  /** Announces, uploads and seals; returns the delivery's id. */
  send(source: string, tables?: Tables, options?: DeliverOptions): Promise<string>
  /** Sends and synchronizes; the report of the run. */
  deliver(source: string, tables?: Tables, options?: DeliverOptions): Promise<RunReport>
  /** Writes files without delivering them, as a plan wants them. */
  prepare(
    source: string,
    tables?: Tables,
    options?: DeliverOptions,
  ): Promise<{ readonly folder: string; readonly manifest: Manifest }>
  rows<R extends object = Row>(text: string, values?: readonly unknown[]): Promise<readonly R[]>
  execute(text: string): Promise<void>
}

/** What it takes to look at what a repository holds. */
export type RepositoryView = Pick<EngineHarness, 'configuration' | 'rows'>

/** What the oldest server has to show in every run are the conformance cases, on which all stages work. */
const engineDatabases = databases.filter((kind) => thorough || kind !== 'postgres-15')

/** The kinds that are quick to work with: for what does not depend on the adapter. */
export const servers = engineDatabases.filter((kind) => kind !== 'pglite')

/** Runs `define` on every kind of database that is tried now, each with a harness that its tests share one after the other. */
export function describeWithEngine(
  name: string,
  define: (harness: EngineHarness) => void,
  kinds: readonly DatabaseKind[] = engineDatabases,
): void {
  describe.each(kindsOf(name, kinds))(`${name} on %s`, (kind) => {
    const harness = new DatabaseHarness(kind)
    beforeAll(() => harness.open())
    afterAll(() => harness.close())
    define(harness)
  })
}

class DatabaseHarness implements EngineHarness {
  readonly kind: DatabaseKind
  #repository: Repository | undefined
  #schema: NewSchema | undefined
  #configuration: Configuration | undefined
  #engine: Synchronizer | undefined
  #folder = ''
  #closers: (() => Promise<void>)[] = []
  #delivered = new Map<string, Tables>()
  #sent = new Map<string, string>()

  constructor(kind: DatabaseKind) {
    this.kind = kind
  }

  async open(): Promise<void> {
    const place = await migratedLocation(this.kind)
    this.#folder = await mkdtemp(join(tmpdir(), 'sluice-engine-'))
    this.#repository = await openRepository(place.location)
    this.#schema = await NewSchema.of(this.database)
    this.#closers = [
      async () => await this.repository[Symbol.asyncDispose](),
      async () => await place[Symbol.asyncDispose](),
      () => rm(this.#folder, { recursive: true, force: true }),
    ]
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close()
  }

  get repository(): Repository {
    return known(this.#repository)
  }

  get database(): Database {
    return this.repository.database
  }

  get engine(): Synchronizer {
    return known(this.#engine)
  }

  get configuration(): Configuration {
    return known(this.#configuration)
  }

  async begin(yaml: string, modules: Modules = {}): Promise<void> {
    await known(this.#schema).make()
    this.#delivered = new Map()
    await this.reconfigure(yaml, modules)
  }

  async reconfigure(yaml: string, modules: Modules = {}): Promise<void> {
    this.#configuration = configurationOf(yaml, this.#folder, modules)
    await this.repository.evolve(this.#configuration)
    this.#engine = openSynchronizer({ repository: this.repository, configuration: this.#configuration })
  }

  async prepare(source: string, tables: Tables = {}, options: DeliverOptions = {}) {
    const incremental = options.mode === 'incremental'
    const all = incremental ? tables : { ...this.#delivered.get(source), ...tables }
    const folder = await mkdtemp(join(this.#folder, 'prepared-'))
    const unreadable = options.unreadable ?? []
    const manifest: Manifest = {
      files: follow(
        await writeFiles(this.configuration, source, all, { folder, unreadable, incremental }),
        options.follows,
      ),
      timings: { export: 0, prepare: 0 },
      notes: [],
      ...(options.since === undefined ? {} : { since: await this.#since(source, folder, options.since) }),
      ...(options.keptFrom === undefined ? {} : { keptFrom: options.keptFrom }),
      ...(unreadable.length === 0 ? {} : { rejections: await writeRejections(folder, unreadable) }),
    }
    return { folder, manifest }
  }

  async #since(source: string, folder: string, tables: Tables) {
    const written = { folder, unreadable: [], incremental: true }
    const files = await writeFiles(this.configuration, source, tables, written)
    return {
      base: known(this.#sent.get(source)),
      files: files.map(({ name, mapping, size, sha256, rows }) => ({ name, mapping, size, sha256, rows })),
    }
  }

  async send(source: string, tables: Tables = {}, options: DeliverOptions = {}): Promise<string> {
    const id = randomUUID()
    const { inbox } = this.engine
    const { folder, manifest } = await this.prepare(source, tables, options)
    const { mode = 'complete' } = options
    const base = mode === 'incremental' ? { base: options.base ?? known(this.#sent.get(source)) } : {}
    if (mode !== 'incremental') this.#delivered.set(source, { ...this.#delivered.get(source), ...tables })
    this.#sent.set(source, id)
    await inbox.announce({ id, source, mode, ...base })
    const rejections = manifest.rejections ? [manifest.rejections] : []
    const files = [...manifest.files, ...rejections, ...(manifest.since?.files ?? [])]
    for (const file of files) await inbox.upload(id, { ...file, path: join(folder, file.name) })
    await inbox.seal(id, manifest)
    return id
  }

  async deliver(source: string, tables: Tables = {}, options: DeliverOptions = {}): Promise<RunReport> {
    await this.send(source, tables, options)
    const reports = await this.engine.synchronize(source, { force: options.force })
    for (const report of reports) expectSums(report)
    return known(reports.at(-1))
  }

  async rows<R extends object = Row>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> {
    return (await this.database.session((session) => session.query<R>(text, values))).rows
  }

  async execute(text: string): Promise<void> {
    await this.database.session((session) => session.execute(text))
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The harness has not begun, or nothing was run.')
  return value
}

function configurationOf(yaml: string, folder: string, modules: Modules): Configuration {
  const { configuration, findings } = parseConfiguration(
    [{ path: 'sluice.yaml', text: `repository: ./repository\n${yaml}` }],
    {
      resolvePath: (_file, relative) => join(folder, relative),
      syncmappings: Object.keys(modules).length === 0 ? undefined : syncmappingsOf(modules),
    },
  )
  if (!configuration) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}

async function writeFiles(
  configuration: Configuration,
  name: string,
  tables: Tables,
  {
    folder,
    unreadable,
    incremental,
  }: {
    readonly folder: string
    readonly unreadable: readonly UnreadableRow[]
    readonly incremental: boolean
  },
): Promise<PreparedFile[]> {
  const { source: whole, model } = deliveredAs(known(configuration.sources.get(name)), configuration.model)
  const source = switchedOn(whole)
  const off = new Set(switchedOff(whole))
  const mappings = [
    ...source.entities.map((mapping) => ({ name: mapping.name, all: entityColumns(mapping, model).all })),
    ...source.associations.map((mapping) => ({
      name: mapping.name,
      all: associationColumns(mapping, model).all,
    })),
  ]
  const strangers = Object.keys(tables).filter(
    (table) => !off.has(table) && !mappings.some((mapping) => mapping.name === table),
  )
  if (strangers.length > 0) throw new Error(`${name} has no mapping ${strangers.join(', ')}`)
  return await Promise.all(
    mappings.map(async (mapping) => {
      const all = incremental ? [command, ...mapping.all] : mapping.all
      const columns = all.map(({ name }) => name)
      const records = recordsOf(tables[mapping.name] ?? [], all)
      const rejected = unreadable.filter((row) => row.mapping === mapping.name).length
      const name = `${mapping.name}.sorted.${incremental ? 'delta' : 'csv'}`
      const file = await writeCsv(folder, name, [columns, ...records])
      return {
        ...file,
        mapping: mapping.name,
        kind: incremental ? ('delta' as const) : ('sorted' as const),
        columns: mapping.all.map((column) => column.name),
        rows: records.length,
        read: records.length + rejected,
        rejected,
        nullKey: 0,
        duplicate: 0,
        noLink: 0,
        unchanged: 0,
        deleted: incremental ? records.filter(([command]) => command === 'delete').length : 0,
      }
    }),
  )
}

function follow(files: readonly PreparedFile[], ends: DeliverOptions['follows'] = {}): PreparedFile[] {
  return files.map((file) => {
    const end = ends[file.mapping]
    return end === undefined ? file : { ...file, follows: end }
  })
}

const command: PreparedColumn = {
  name: 'command',
  column: 'command',
  shape: undefined,
  spelling: undefined,
  absent: [],
  composed: false,
  blankIsNobody: false,
  secret: false,
}

/** The fields of each row, names of resources in their one spelling. */
function recordsOf(table: TableText, all: readonly PreparedColumn[]): readonly (readonly string[])[] {
  const records = typeof table === 'string' ? parseTable(table) : table
  for (const record of records) {
    const unknown = Object.keys(record).filter((name) => !all.some(({ column }) => column === name))
    if (unknown.length > 0) throw new Error(`No mapping has the column ${unknown.join(', ')}`)
  }
  return records.map((record) =>
    all.map(({ column, spelling }) => spelling?.of(record[column] ?? '') ?? record[column] ?? ''),
  )
}

function parseTable(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = text.split('\n').map((line) => line.trim())
  const columns = header.split(',')
  return lines
    .filter((line) => line !== '')
    .map((line) => Object.fromEntries(line.split(',').map((value, index) => [columns[index] ?? '', value])))
}

async function writeCsv(folder: string, name: string, rows: readonly (readonly string[])[]) {
  const quoted = (value: string) =>
    /[",\r\n\\]/.test(value) || value.trim() !== value ? `"${value.replaceAll('"', '""')}"` : value
  return await writeText(folder, name, rows.map((row) => `${row.map(quoted).join(',')}\n`).join(''))
}

async function writeRejections(folder: string, rows: readonly UnreadableRow[]) {
  const lines = rows.map(({ mapping, fields, anyKey }, index) =>
    JSON.stringify({
      mapping,
      file: `${mapping}.csv`,
      line: index + 2,
      column: null,
      text: fields.join(','),
      reason: 'has too many fields',
      fields,
      ...(anyKey === undefined ? {} : { anyKey }),
    }),
  )
  const file = await writeText(folder, 'rejected.jsonl', lines.map((line) => `${line}\n`).join(''))
  return { ...file, name: 'rejected.jsonl' as const, rows: rows.length }
}

async function writeText(folder: string, name: string, text: string) {
  const bytes = Buffer.from(text)
  await writeFile(join(folder, name), bytes)
  return { name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
