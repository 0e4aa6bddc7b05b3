/**
 * Exports what a tap sends: everything, or what it sends since its state.
 *
 * @module
 */
import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import {
  type Catalog,
  type CatalogStream,
  catalogOf,
  idOf,
  methodOf,
  selecting,
  streamOf,
} from './catalog.ts'
import { messageIn, type TapMessage } from './messages.ts'
import type { SingerOptions, SingerTable } from './options.ts'
import { StreamTable } from './stream-table.ts'
import { Tap } from './tap.ts'
import { ReadState, readState, type TapState, writeState } from './tap-state.ts'

interface WantedStream {
  readonly file: string
  readonly columns: readonly string[]
  readonly table: SingerTable
  readonly stream: CatalogStream
  /** It is read whole each time. */
  readonly whole: boolean
}

export async function exportTables(
  options: SingerOptions,
  context: ExportContext,
): Promise<ConnectorStatement> {
  await using tap = await Tap.open(options, context)
  const catalog = await catalogOf(tap, options, context)
  const wanted = wantedStreams(tap.name, options, catalog, context)
  const search = searchOf(options, wanted)
  const before = await readState(context, search)
  const reading = { tap, options, context, catalog, wanted, search }
  const first = await read(reading, before)
  if (first !== undefined) {
    const everything = context.mode === 'incremental' && before === undefined
    const mode = everything && wanted.some(({ whole }) => !whole) ? { mode: 'complete' as const } : {}
    return { complete: true, ...mode, ...noteOf(first) }
  }
  await context.startOver()
  const all = (await read(reading, undefined)) ?? []
  const why = `${tap.name} reads everything again from the start, so it is not known what is gone.`
  return { complete: true, mode: 'complete', ...noteOf([why, ...all]) }
}

function noteOf(notes: readonly string[]) {
  return notes.length === 0 ? {} : { note: notes.join(' ').slice(0, 2000) }
}

function wantedStreams(
  tap: string,
  { tables }: SingerOptions,
  catalog: Catalog,
  context: ExportContext,
): readonly WantedStream[] {
  return context.wanted.flatMap(({ file, columns }) => {
    const name = file.replace(/\.csv$/, '')
    const table = tables[name]
    if (table === undefined) return []
    const stream = streamOf(tap, catalog, table.stream ?? name)
    return [{ file, columns, table, stream, whole: methodOf(stream, table) === 'FULL_TABLE' }]
  })
}

function searchOf({ command, config }: SingerOptions, wanted: readonly WantedStream[]): string {
  const streams = wanted.map(({ table, stream }) => [
    idOf(stream),
    methodOf(stream, table),
    table.replicationKey,
  ])
  return JSON.stringify([command, config, streams])
}

interface Reading {
  readonly tap: Tap
  readonly options: SingerOptions
  readonly context: ExportContext
  readonly catalog: Catalog
  readonly wanted: readonly WantedStream[]
  readonly search: string
}

/** Notes for people; `undefined`: the tap has begun a stream anew, of which only changes were expected. */
async function read(reading: Reading, before: TapState | undefined): Promise<readonly string[] | undefined> {
  const { tap, context, wanted, search } = reading
  const tables = await beginTables(reading, before !== undefined)
  const state = new ReadState(before)
  for await (const lines of tap.run(await flagsOf(reading, before)))
    for (const line of lines) {
      const message = messageIn(tap.name, line)
      if (message === undefined) continue
      if (message.type === 'ACTIVATE_VERSION' && isAnew(tables, message, before)) return undefined
      state.take(message)
      const wait = take(tap.name, tables, message)
      if (wait !== undefined) await wait
    }
  refuseSilent(tap.name, wanted, tables)
  const { last, versions } = state
  if (last !== undefined) await writeState(context, { search, state: last, versions })
  return [...new Set([...tables.values()].flat())].flatMap(({ notes }) => notes)
}

/** A stream of which only changes were expected has another version: it was begun anew. */
function isAnew(
  tables: ReadonlyMap<string, readonly StreamTable[]>,
  { stream, version }: Extract<TapMessage, { type: 'ACTIVATE_VERSION' }>,
  before: TapState | undefined,
): boolean {
  const known = before?.versions[stream]
  const ofChanges = tables.get(stream)?.some(({ commands }) => commands) === true
  return ofChanges && known !== undefined && known !== version
}

/** By the name of their stream: several tables may be of one. */
async function beginTables(
  { context, wanted, options }: Reading,
  since: boolean,
): Promise<ReadonlyMap<string, readonly StreamTable[]>> {
  const tables = new Map<string, StreamTable[]>()
  for (const { file, columns, table, stream, whole } of wanted) {
    const commands = since && !whole
    const writer = await context.table(file, commands ? ['command', ...columns] : columns)
    const separator = options.separator ?? '|'
    const made = new StreamTable(writer, { file, columns, separator, links: table.links, commands })
    // Some call it by its name in messages, and some by its id.
    for (const name of new Set([idOf(stream), stream.stream])) {
      const others = tables.get(name)
      if (others === undefined) tables.set(name, [made])
      else if (!others.includes(made)) others.push(made)
    }
  }
  return tables
}

async function flagsOf({ tap, options, catalog, wanted }: Reading, before: TapState | undefined) {
  const chosen = selecting(catalog, new Map(wanted.map(({ stream, table }) => [stream, table])))
  const flags = [options.catalogFlag ?? '--catalog', await tap.write('catalog.json', chosen)]
  return before === undefined ? flags : [...flags, '--state', await tap.write('state.json', before.state)]
}

function take(
  tap: string,
  tables: ReadonlyMap<string, readonly StreamTable[]>,
  message: TapMessage,
): Promise<void> | undefined {
  if (message.type !== 'SCHEMA' && message.type !== 'RECORD') return undefined
  let wait: Promise<void> | undefined
  for (const table of tables.get(message.stream) ?? []) {
    if (message.type === 'SCHEMA') table.describe(message.stream, message.properties)
    else if (table.described) wait = table.write(message.record) ?? wait
    else
      throw new ManagedSystemError(
        `${tap} sends a record of ${message.stream} without having said its schema.`,
      )
  }
  return wait
}

/** A tap names each stream that it reads, although it may be empty. */
function refuseSilent(
  tap: string,
  wanted: readonly WantedStream[],
  tables: ReadonlyMap<string, readonly StreamTable[]>,
): void {
  for (const { stream } of wanted) {
    if (tables.get(idOf(stream))?.some(({ described }) => !described) !== true) continue
    throw new ManagedSystemError(
      `${tap} has sent nothing of the stream ${idOf(stream)}, not even its schema.`,
      {
        remedy: 'Look at its log, and at catalogFlag: old taps want --properties.',
      },
    )
  }
}
