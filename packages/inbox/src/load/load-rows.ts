/**
 * Loads the rows of a CSV into an open table: what iTop's synchro_import does.
 *
 * @module
 */
import {
  type Configuration,
  type EntityMapping,
  type EntityModel,
  type EntityType,
  isComposed,
  longestSourceRecord,
  type Property,
  partName,
  propertiesIn,
  type Source,
} from '@sluice/model'
import { type Database, lockOfRuns, run, type Session, sql, statement, watchModel } from '@sluice/repository'
import { type CheckedRows, checkRows, type LoadNote } from './checked-rows.ts'
import { inTurn } from './in-turn.ts'
import { dialectOf, type LoadDialect } from './load-options.ts'
import { openMapping, openSource, sourceNumber } from './open-source.ts'
import { copyRows, type StagedCounts, stageRows } from './stage-rows.ts'

export interface LoadRequest extends LoadDialect {
  /** Need not be said where the source fills one. */
  readonly entityType?: string | undefined
  readonly csv: string | AsyncIterable<Uint8Array>
  /** Names what is loaded in messages; `the load` when absent. */
  readonly file?: string | undefined
  /** `stop` (when absent): a bad row refuses the load; `continue`: it is left out. */
  readonly mode?: 'stop' | 'continue' | undefined
}

/** What a load did. Each row read is inserted, changed, identical, a duplicate or an issue. */
export interface LoadResult extends StagedCounts {
  readonly source: string
  readonly entityType: string
  /** Data rows read. */
  readonly rows: number
  /** Bad rows that were left out. */
  readonly issues: number
  /** Cells that were left out, such as dates that do not fit their format. */
  readonly warnings: number
  /** The first issues and warnings, in the order of the file. */
  readonly notes: readonly LoadNote[]
}

type LoadConfiguration = Pick<Configuration, 'model' | 'sources' | 'prepare'>

/** A load that has been read to its end and checked, and waits to be brought into its table. */
export interface PreparedLoad extends AsyncDisposable {
  readonly source: Source
  readonly mapping: EntityMapping
  readonly rows: CheckedRows
}

/** Loads in a transaction of its own, when no run or other load of the source is at work. */
export async function loadRows(
  database: Database,
  { configuration, source }: { readonly configuration: LoadConfiguration; readonly source: string },
  request: LoadRequest & { readonly signal?: AbortSignal | undefined },
): Promise<LoadResult> {
  await using load = await prepareLoad(configuration, source, request)
  const result = await inTurn(database, source, request.signal, () =>
    database.transaction((session) => loadInto(session, configuration, load)),
  )
  await database.checkpoint()
  return result
}

/**
 * The type as a load fills it: with sets of links, which are texts as far as that goes; and, in place of a reference that several properties
 * of its target name, with these.
 */
function asLoaded(
  model: EntityModel,
  type: EntityType,
  { linkSets = [], properties }: EntityMapping,
): EntityType {
  const columns = linkSets.map(({ name }) => ({ name, type: 'text' as const, required: false }))
  const filled = type.properties.flatMap((property): readonly Property[] => {
    const by = properties.find((entry) => entry.property === property.name)?.by
    if (property.type !== 'reference' || !isComposed(by)) return [property]
    return propertiesIn(model, property.to, by).map((part) => ({
      ...part,
      name: partName(property.name, part.name),
      required: property.required,
    }))
  })
  return { ...type, properties: [...filled, ...columns] }
}

/** Reads and checks; nothing of the database is touched. */
export async function prepareLoad(
  { model, sources, prepare }: LoadConfiguration,
  name: string,
  request: LoadRequest,
): Promise<PreparedLoad> {
  const source = openSource({ sources }, name)
  const mapping = openMapping(source, request.entityType)
  const type = model.entityTypes.get(mapping.entityType)
  if (type === undefined) throw new Error(`Entity type ${mapping.entityType} is not in the model.`)
  const rows = await checkRows({
    source: name,
    type: asLoaded(model, type, mapping),
    csv: request.csv,
    file: request.file ?? 'the load',
    dialect: dialectOf(request),
    mode: request.mode ?? 'stop',
    longestRecord: longestSourceRecord(prepare.maximumFieldSize),
  })
  return { source, mapping, rows, [Symbol.asyncDispose]: () => rows[Symbol.asyncDispose]() }
}

/** Brings the rows in; the caller ends the transaction, and keeps runs and other loads of the source away. */
export async function loadInto(
  session: Session,
  configuration: Pick<Configuration, 'model' | 'sources'>,
  { source, mapping, rows }: PreparedLoad,
): Promise<LoadResult> {
  const target = {
    source,
    sourceId: await sourceNumber(session, source.name),
    entityType: mapping.entityType,
    mapping: mapping.name,
  }
  const copied = await copyRows(session, target, rows)
  // Whoever changes the tables waits for runs, and for loads as for them.
  await run(session, shareRuns)
  await watchModel(configuration).check(session)
  const counts = await stageRows(session, copied)
  const { rows: read, issues, warnings, notes } = rows
  return {
    source: source.name,
    entityType: mapping.entityType,
    rows: read,
    ...counts,
    issues,
    warnings,
    notes,
  }
}

const shareRuns = statement('load/share-runs', sql`select pg_advisory_xact_lock_shared(${lockOfRuns})`)
