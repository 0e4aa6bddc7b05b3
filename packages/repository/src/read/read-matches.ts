/**
 * Reads which rows of sources several resources match, what was decided of them, and what there is to decide by.
 *
 * @module
 */
import {
  type ComparedProperty,
  type EntityType,
  type MatchDecision,
  type MatchedRow,
  type MatchRecord,
  type MatchState,
  matchLife,
  matchRecordSchema,
  type ShownMatch,
  type StoredModel,
} from '@sluice/model'
import type { Database, Row, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { assertedColumns, assertedTable } from '../layout/asserted-table.ts'
import { allOf, anyOf, columnOfRow, commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { PageSize } from './page-size.ts'
import { behindCursor } from './position-cursor.ts'
import { displayIn, relationOf } from './property-reader.ts'
import { UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import { type ResourceRow, readersOf, recordOf as resourceOf } from './read-resources.ts'
import type { ResourceRecord, StoredFile } from './read-types.ts'

export interface MatchesQuery {
  readonly source?: string | undefined
  /** Those that are in one of these; all when absent. */
  readonly state?: readonly MatchState[] | undefined
  readonly limit?: number | undefined
  /** Goes on behind the row that had this cursor. */
  readonly cursor?: string | undefined
}

export type ListedMatch = MatchRecord & { readonly cursor: string }

/** In the order in which they came to be doubtful, read in pages. */
export async function* readMatches(
  database: Database,
  query: MatchesQuery = {},
): AsyncGenerator<ListedMatch> {
  const { source } = query
  if (source !== undefined) await database.session((session) => requireSource(session, source))
  const conditions = conditionsOf(query)
  let left = query.limit ?? Number.POSITIVE_INFINITY
  const pages = new PageSize()
  for (let after = query.cursor ?? '0'; left > 0; ) {
    const size = Math.min(pages.rows, left)
    const behind = behindCursor(sql`m.position`, after)
    const page = matchesWhere(allOf([...conditions, behind]), sql` limit ${sql.value(size)}::bigint`)
    const { rows } = await database.session((session) => run(session, page))
    pages.learn(rows)
    for (const row of rows) yield { ...recordOf(row), cursor: row.position }
    left -= rows.length
    after = rows.at(-1)?.position ?? after
    if (rows.length < size) return
  }
}

function conditionsOf({ source, state }: MatchesQuery): readonly SQL[] {
  return [
    ...(source === undefined ? [] : [sql`s.name = ${sql.value(source)}`]),
    ...(state === undefined ? [] : [sql`m.state = any(${sql.value(state)}::text[])`]),
  ]
}

async function requireSource(session: Session, source: string): Promise<void> {
  const { rows } = await run(session, sourceNames)
  const names = rows.map(({ name }) => name)
  if (!names.includes(source)) throw new UnknownNameError('source', source, names)
}

const sourceNames = statement<{ name: string }>(
  'read/source-names',
  sql`select name from sluice_source order by source_id`,
)

/** Of these rows of sources. */
export async function matchesOf(
  session: Session,
  rows: readonly MatchedRow[],
): Promise<readonly MatchRecord[]> {
  if (rows.length === 0) return []
  const list = sql`select j.source, j."entityType", j.key from jsonb_to_recordset(${sql.value(JSON.stringify(rows))}::jsonb)
    j(source text, "entityType" text, key text)`
  const found = await run(session, matchesWhere(sql`(s.name, m.entity_type, m.key) in (${list})`))
  return found.rows.map(recordOf)
}

/** How many rows wait for a decision, by source. */
export async function countMatches(
  database: Database,
): Promise<readonly { readonly source: string; readonly count: number }[]> {
  const { rows } = await database.session((session) => run(session, countsOfWaiting))
  return rows
}

export interface MatchesCount {
  readonly source: string
  readonly state: MatchState
  readonly count: number
}

/** How many fulfil the conditions, by source and state. */
export async function countMatchesBy(
  database: Database,
  query: Omit<MatchesQuery, 'limit' | 'cursor'>,
): Promise<readonly MatchesCount[]> {
  const { source } = query
  return await database.session(async (session) => {
    if (source !== undefined) await requireSource(session, source)
    return (await run(session, countsWhere(allOf(conditionsOf(query))))).rows
  })
}

function countsWhere(condition: SQL): Statement<MatchesCount> {
  return statement(
    'read/count-matches-by',
    sql`select s.name as source, m.state, count(*)::int as count from sluice_match m join sluice_source s using (source_id)
    where ${condition} group by s.name, m.state order by s.name, m.state`,
  )
}

const waiting = commas(matchLife.statesThatTake('settled').map((state) => sql.literal(state)))
const countsOfWaiting = statement<{ source: string; count: number }>(
  'read/count-matches',
  sql`select s.name as source, count(*)::int as count from sluice_match m join sluice_source s using (source_id)
  where m.state in (${waiting}) group by s.name`,
)

interface MatchRow extends Row {
  readonly position: string
  readonly run: string | null
}

function matchesWhere(condition: SQL, behind: SQL = sql.blank): Statement<MatchRow> {
  return statement(
    'read/matches',
    sql`select m.position, s.name as source, m.entity_type as "entityType", m.key, m.state, m.state_since as since, m.state_run as run, m.rule,
      m.matched, m.candidate_count as count, m.candidates, m.decision, m.resource_id as resource, m.decided_by_name as by,
      m.decided_at as "decidedAt", m.comment
    from sluice_match m join sluice_source s using (source_id) where ${condition} order by m.position${behind}`,
  )
}

function recordOf({ position, run, ...row }: MatchRow): MatchRecord {
  return matchRecordSchema.parse({ ...row, run: run === null ? null : Number(run) })
}

/** With its row and the resources side by side; `undefined`: it never waited. */
export async function readMatch(database: Database, row: MatchedRow): Promise<ShownMatch | undefined> {
  return await database.session(async (session) => {
    const [record] = await matchesOf(session, [row])
    if (record === undefined) return undefined
    const model = await readModel(session)
    const type = model.entityTypes.get(row.entityType)
    const mapping = model.sources
      .get(row.source)
      ?.entities.find(({ entityType }) => entityType === row.entityType)
    if (type === undefined || mapping === undefined) return { ...record, resources: [], properties: [] }
    const ids = [...new Set([...record.candidates, ...(record.resource === null ? [] : [record.resource])])]
    const resources = await resourcesNamed(session, model, type, ids)
    const mapped = mapping.properties.map(({ name }) => name)
    const says = await saidBy(session, type, row, mapped)
    return {
      ...record,
      resources: resources.map(({ resourceId, display }) => ({ resourceId, display })),
      properties:
        says === undefined
          ? []
          : mapped.map(
              (property): ComparedProperty => ({
                property,
                searched: Object.hasOwn(record.matched ?? {}, property),
                says: says[property] ?? null,
                values: resources.map(({ values }) => shown(values[property])),
              }),
            ),
    }
  })
}

async function resourcesNamed(
  session: Session,
  model: StoredModel,
  type: EntityType,
  ids: readonly string[],
): Promise<readonly (ResourceRecord & { readonly display: string | null })[]> {
  const readers = readersOf(model, type)
  const display = displayIn(model, type)?.text(sql`o`) ?? sql`null::text`
  const columns = [
    sql`o.resource_id, o.entity_type, ${display} as _display`,
    ...readers.flatMap(({ select }) => select),
  ]
  const joins = readers.map(({ join }) => join)
  const read: Statement<ResourceRow & { readonly _display: string | null }> = statement(
    `read/candidates ${type.name}`,
    sql`select ${commas(columns)} from ${relationOf(model, type)} o ${sql.join(joins, ' ')}
    where o.resource_id = any(${sql.value(ids)}::bigint[]) order by o.resource_id`,
  )
  return (await run(session, read)).rows.map((found) => ({
    ...resourceOf(readers, found),
    display: found._display,
  }))
}

/** What the row says of each property, of a file its name; `undefined`: the row is gone. */
async function saidBy(
  session: Session,
  type: EntityType,
  { source, key }: MatchedRow,
  mapped: readonly string[],
): Promise<Readonly<Record<string, string | null>> | undefined> {
  const { rows: known } = await run(session, numberOf(source))
  const id = known[0]?.source_id
  if (id === undefined) return undefined
  const texts = type.properties
    .filter(({ name }) => mapped.includes(name))
    .flatMap((property) => {
      const columns = assertedColumns(property)
      return [sql.literal(property.name), columnOfRow(sql`v`, columns[1] ?? columns[0])]
    })
  const read = statement<{ texts: Readonly<Record<string, string | null>> }>(
    `read/asserted ${type.name}`,
    sql`select jsonb_build_object(${commas(texts)}) as texts from ${new Table(assertedTable(type.name, id))} v where v.primary_key = ${sql.value(key)}`,
  )
  return (await run(session, read)).rows[0]?.texts
}

function numberOf(source: string): Statement<{ source_id: number }> {
  return statement('read/source', sql`select source_id from sluice_source where name = ${sql.value(source)}`)
}

function shown(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return isFile(value) ? (value.name ?? '') : String(value)
}

function isFile(value: unknown): value is StoredFile {
  return typeof value === 'object' && value !== null && 'mediaType' in value
}

/** By what decision rows of sources have their resource, where it was one. */
export async function decisionsOf(
  session: Session,
  entityTypes: readonly string[],
  rows: readonly { readonly source: string; readonly key: string }[],
): Promise<readonly DecidedMatch[]> {
  if (rows.length === 0) return []
  const these = anyOf(
    rows.map(({ source, key }) => sql`s.name = ${sql.value(source)} and m.key = ${sql.value(key)}`),
  )
  const found = await run(
    session,
    matchesWhere(
      sql`m.entity_type = any(${sql.value(entityTypes)}::text[]) and m.decision is not null and ${these}`,
    ),
  )
  return found.rows
    .map(recordOf)
    .flatMap(({ source, key, decision, by, decidedAt, comment }) =>
      decision === null || by === null || decidedAt === null
        ? []
        : [{ source, key, decision, by, at: decidedAt, comment }],
    )
}

export interface DecidedMatch {
  readonly source: string
  readonly key: string
  readonly decision: MatchDecision
  readonly by: string
  readonly at: string
  readonly comment: string | null
}
