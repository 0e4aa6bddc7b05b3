/**
 * Reads what is known of the rows of a source that shares its resources: the status of each, its resource, what is wrong with it.
 *
 * @module
 */
import {
  isComposed,
  namesIn,
  primaryKeyColumn,
  type ReplicaStatus,
  replicaLayoutOf,
  type StoredModel,
  snakeCase,
} from '@sluice/model'
import { z } from 'zod'
import type { Database, Row, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { assertedColumns, assertedTable, partColumns } from '../layout/asserted-table.ts'
import { isNotSeenSince, lastSeen } from '../layout/last-seen.ts'
import { replicaTable } from '../layout/layout.ts'
import { storedOwnership } from '../layout/stored-ownership.ts'
import { allOf, commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { PageSize } from './page-size.ts'
import { displayJoin } from './property-reader.ts'
import { NoStatusesError, UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'

export interface ReplicasQuery {
  /** Of one entity type; of all that the source shares when absent. */
  readonly entityType?: string | undefined
  /** Those of which the status is one of these; all when absent. */
  readonly status?: readonly ReplicaStatus[] | undefined
  /** Only those that could not be applied, or not whole. */
  readonly errors?: boolean | undefined
  /** UTC: only those that were last seen before. */
  readonly notSeenSince?: string | undefined
  readonly limit?: number | undefined
  /** Of one entity type: goes on behind this key. */
  readonly after?: string | undefined
}

/** Something that is wrong with a row. */
export interface ReplicaFault {
  readonly code: string
  readonly text: string
}

export interface ReplicaRecord {
  readonly entityType: string
  readonly key: string
  readonly status: ReplicaStatus
  /** `null`: it has found none. */
  readonly resourceId: string | null
  readonly display: string | null
  /** It has created the resource. */
  readonly creator: boolean
  /** Why it could not be applied. */
  readonly error: ReplicaFault | null
  /** What was left out. */
  readonly warnings: readonly ReplicaFault[]
  /** UTC: when its row was last written or loaded. */
  readonly lastSeen: string
}

/** A table that clients of an open source fill. */
export interface SharedTable {
  readonly entityType: string
  readonly schema: string
  readonly table: string
  /** The engine's own beside it. */
  readonly replicas: string
  readonly columns: readonly {
    readonly name: string
    /** `null` of the key. */
    readonly property: string | null
    readonly type: string
    /** Of a reference: the property of the target that its values name. */
    readonly by?: string | undefined
  }[]
}

export async function* readReplicas(
  database: Database,
  source: string,
  query: ReplicasQuery = {},
): AsyncGenerator<ReplicaRecord> {
  const { model, id } = await database.session((session) => lookUp(session, source))
  let left = query.limit ?? Number.POSITIVE_INFINITY
  for (const entityType of sharedTypes(model, source, query.entityType)) {
    const page = replicaPages(model, { source, id, entityType }, query)
    const pages = new PageSize()
    for (let after = query.after; left > 0; ) {
      const size = Math.min(pages.rows, left)
      const behind = after
      const { rows } = await database.session((session) => run(session, page(behind, size)))
      pages.learn(rows)
      for (const row of rows) yield recordOf(entityType, row)
      left -= rows.length
      after = rows.at(-1)?.key
      if (rows.length < size) break
    }
  }
}

/** The tables of a source whose resources are shared, with what each column holds. */
export async function readSharedTables(database: Database, source: string): Promise<readonly SharedTable[]> {
  const { model, id } = await database.session((session) => lookUp(session, source))
  const mappings = model.sources.get(source)?.entities ?? []
  return sharedTypes(model, source, undefined).map((entityType) => {
    const mapping = mappings.find((one) => one.entityType === entityType)
    const mapped = mapping?.properties ?? []
    const type = model.entityTypes.get(entityType)
    return {
      entityType,
      schema: database.schema,
      table: assertedTable(entityType, id),
      replicas: replicaTable(source, entityType),
      columns: [
        { name: primaryKeyColumn, property: null, type: 'text' },
        ...(type?.properties ?? []).flatMap((property) => {
          const by = mapped.find(({ name }) => name === property.name)?.by
          if (isComposed(by)) return partsOf(property.name, by)
          return assertedColumns(property).map((name) => ({
            name,
            property: property.name,
            type:
              property.type === 'file'
                ? `file, ${name.slice(snakeCase(property.name).length + 1)}`
                : property.type,
            ...(by === undefined ? {} : { by }),
          }))
        }),
        ...(mapping?.linkSets ?? []).map((name) => ({
          name: snakeCase(name),
          property: name,
          type: 'set of links',
        })),
      ],
    }
  })
}

/** The columns that are filled; the one that they make together is read only. */
function partsOf(property: string, by: string): SharedTable['columns'] {
  const names = namesIn(by)
  return partColumns(property, names).map((name, n) => ({
    name,
    property,
    type: 'reference',
    ...(names[n] === undefined ? {} : { by: names[n] }),
  }))
}

async function lookUp(
  session: Session,
  source: string,
): Promise<{ readonly model: StoredModel; readonly id: number }> {
  const model = await readModel(session)
  const { rows } = await run(
    session,
    statement<{ source_id: number }>(
      'read/source',
      sql`select source_id from sluice_source where name = ${sql.value(source)}`,
    ),
  )
  const [row] = rows
  if (row === undefined || !model.sources.has(source))
    throw new UnknownNameError('source', source, [...model.sources.keys()])
  return { model, id: row.source_id }
}

/** The types of the source that are shared, of which statuses are kept; or the one that is asked for. */
function sharedTypes(model: StoredModel, source: string, entityType: string | undefined): readonly string[] {
  const entities = model.sources.get(source)?.entities ?? []
  const names = entities.map((mapping) => mapping.entityType)
  if (entityType !== undefined && !names.includes(entityType))
    throw new UnknownNameError('entity type', entityType, names)
  const asked = entityType === undefined ? names : [entityType]
  const found = asked.filter((name) => replicaLayoutOf(storedOwnership(model, name)) === 'values')
  if (found.length === 0) throw new NoStatusesError(source, asked)
  return found
}

interface ReplicaRow extends Row {
  readonly key: string
  readonly status: ReplicaStatus
  readonly resource_id: string | null
  readonly display: string | null
  readonly creator: boolean
  readonly error: unknown
  readonly warnings: unknown
  readonly last_seen: string
}

function replicaPages(
  model: StoredModel,
  of: { readonly source: string; readonly id: number; readonly entityType: string },
  query: ReplicasQuery,
): (after: string | undefined, size: number) => Statement<ReplicaRow> {
  const { expression, join } = displayJoin(model, of.entityType, sql`r.resource_id`, sql`o`)
  const seenBy = { sourceId: of.id, entityType: of.entityType }
  const { notSeenSince } = query
  const conditions = [
    ...conditionsOf(query),
    ...(notSeenSince === undefined ? [] : [isNotSeenSince(seenBy, notSeenSince)]),
  ]
  return (after, size) => {
    const behind = after === undefined ? [] : [sql`r.key > ${sql.value(after)}`]
    return statement(
      `read/replicas ${of.source}.${of.entityType}`,
      sql`select r.key, r.status, r.resource_id, ${expression} as display, r.creator, r.error, r.warnings,
        ${lastSeen(seenBy)} as last_seen
      from ${new Table(replicaTable(of.source, of.entityType))} r ${join}
      where ${allOf([...conditions, ...behind])} order by r.key limit ${sql.value(size)}::bigint`,
    )
  }
}

function conditionsOf({ status, errors }: ReplicasQuery): readonly SQL[] {
  return [
    ...(status === undefined
      ? []
      : [
          status.length === 0 ? sql.false : sql`r.status in (${commas(status.map((one) => sql.value(one)))})`,
        ]),
    ...(errors === true
      ? [sql`(r.error is not null and r.error ->> 'code' <> 'ignored') or r.warnings is not null`]
      : []),
  ]
}

const faultSchema = z.object({ code: z.string(), text: z.string().nullable().default('') })
const faultsSchema = z.array(faultSchema).nullable()

function recordOf(entityType: string, row: ReplicaRow): ReplicaRecord {
  const warnings = faultsSchema.parse(row.warnings) ?? []
  return {
    entityType,
    key: row.key,
    status: row.status,
    resourceId: row.resource_id,
    display: row.resource_id === null ? null : row.display,
    creator: row.creator,
    error: row.error === null ? null : faultOf(faultSchema.parse(row.error)),
    warnings: warnings.map(faultOf),
    lastSeen: row.last_seen,
  }
}

function faultOf({ code, text }: z.infer<typeof faultSchema>): ReplicaFault {
  return { code, text: text ?? '' }
}
