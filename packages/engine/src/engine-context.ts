/**
 * What every piece of the engine needs: database, configuration, inbox; and the small questions they
 * all ask of them.
 *
 * @module
 */
import {
  type Configuration,
  columnsOfAssociationMapping,
  columnsOfEntityMapping,
  type DeliveryMode,
  type OnProgress,
  type Source,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { type Database, type Session, StatementError } from '@sluice/repository'
import { ColumnsDifferError, UnknownDeliverySourceError } from './receive/errors.ts'
import type { FolderInbox } from './receive/folder-inbox.ts'
import { type SourceIds, single, type Work } from './terms/work.ts'

export interface EngineContext {
  readonly database: Database
  readonly configuration: Configuration
  readonly inbox: FolderInbox
  readonly onProgress: OnProgress
}

export function sourceOf(context: EngineContext, name: string): Source {
  const source = context.configuration.sources.get(name)
  if (source === undefined) throw new UnknownDeliverySourceError(name)
  return source
}

export async function readSourceIds(session: Session): Promise<SourceIds> {
  const { rows } = await session.query<{ name: string; source_id: number }>(
    'select name, source_id from sluice_source',
  )
  return new Map(rows.map(({ name, source_id }) => [name, source_id]))
}

export async function sourceIdOf(context: EngineContext, name: string): Promise<number> {
  const ids = await context.database.session(readSourceIds)
  const id = ids.get(sourceOf(context, name).name)
  if (id === undefined) throw new UnknownDeliverySourceError(name)
  return id
}

/** The terms of one run; `runId` 0 is a plan, whose work tables must not meet those of another. */
export function openWork(
  context: EngineContext,
  session: Session,
  of: {
    readonly source: string
    readonly sourceId: number
    readonly mode: DeliveryMode
    readonly runId: number
    readonly manifest: Manifest
    readonly signal?: AbortSignal | undefined
  },
): Work {
  const { configuration, database, onProgress } = context
  const few = database.temporaryTables ? 'temporary' : ''
  const suffix = of.runId === 0 ? `plan_${Math.random().toString(36).slice(2, 10)}` : `run_${of.runId}`
  return {
    session,
    configuration,
    model: configuration.model,
    source: sourceOf(context, of.source),
    sourceId: of.sourceId,
    mode: of.mode,
    runId: of.runId,
    prefix: `sluice_${suffix}`,
    tables: new Set(),
    persistence: rowsOf(of.manifest) < manyRows ? few : 'unlogged',
    onProgress,
    signal: of.signal,
  }
}

const manyRows = 20_000

function rowsOf({ files }: Manifest): number {
  return files.reduce((sum, { rows }) => sum + rows, 0)
}

/** What is shown as the subject of a run while another one is at work. */
export const waitsForTurn = 'waits for another run'

/**
 * Runs of one repository take turns, because two sources may change the same resources; and the large
 * scans of a run may use every core, which PostgreSQL would not choose for statements of this shape.
 * `onWait` is told when it is another one's turn; while it is, the signal is heeded.
 */
export async function takeTurns(
  session: Session,
  {
    onWait,
    signal,
  }: { readonly onWait?: (() => void) | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const turn = `hashtextextended(current_schema() || ' run', 0)`
  const { taken } = await single<{ taken: boolean }>(
    session,
    `select pg_try_advisory_xact_lock(${turn}) as taken,
       set_config('parallel_tuple_cost', '0', true), set_config('parallel_setup_cost', '0', true)`,
  )
  if (!taken) {
    onWait?.()
    while (!(await waitForTurn(session, turn))) signal?.throwIfAborted()
  }
}

/** Waits a second for the lock; `false` when it was not given. */
async function waitForTurn(session: Session, turn: string): Promise<boolean> {
  await session.execute(`savepoint turn; set local lock_timeout = '1s'`)
  try {
    await session.query(`select pg_advisory_xact_lock(${turn})`)
    // Released, so that what the run writes bears its own transaction: see apply/remember-transaction.ts.
    await session.execute('set local lock_timeout = 0; release savepoint turn')
    return true
  } catch (error) {
    if (!(error instanceof StatementError && error.code === lockTimeout)) throw error
    await session.execute('rollback to savepoint turn')
    return false
  }
}

const lockTimeout = '55P03'

/** Agent and server must have the same mappings, and mean the same columns by them. */
export function checkColumns(source: Source, manifest: Manifest): void {
  const expected = new Map([
    ...source.entities.map((mapping) => [mapping.name, columnsOfEntityMapping(mapping)] as const),
    ...source.associations.map((mapping) => [mapping.name, columnsOfAssociationMapping(mapping)] as const),
  ])
  // A mapping without a file would be passed over in silence, as if nothing had changed.
  const delivered = new Set(manifest.files.map(({ mapping }) => mapping))
  for (const [mapping, wanted] of expected) {
    if (!delivered.has(mapping)) throw new ColumnsDifferError(mapping, [], wanted)
  }
  for (const { mapping, columns } of manifest.files) {
    const wanted = expected.get(mapping) ?? []
    if (columns.join('\n') !== wanted.join('\n')) throw new ColumnsDifferError(mapping, columns, wanted)
  }
}
