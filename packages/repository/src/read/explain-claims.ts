/**
 * What every replica of a shared resource says of its properties, and which of it counts.
 *
 * @module
 */
import {
  type AttributePolicy,
  type Claim,
  comesBefore,
  type EntityType,
  fills,
  isSecret,
  namesIn,
  type ReplicaStatus,
  replicaLayoutOf,
  type StoredModel,
  shownSecret,
  spellingOf,
} from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { assertedColumns, assertedTable } from '../layout/asserted-table.ts'
import { nameBy } from '../layout/composed.ts'
import { ancestry, entityTable, family, replicaTable } from '../layout/layout.ts'
import { storedOwnership } from '../layout/stored-ownership.ts'
import { columnOfRow, unionAll } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { decisionsOf } from './read-matches.ts'
import type { ExplainedClaim, ExplainedReplica, ResourceRecord } from './read-types.ts'

/** Of a shared type. */
export interface ExplainedClaims {
  readonly replicas: readonly ExplainedReplica[]
  /** By property, first the one that comes first. */
  readonly claims: ReadonlyMap<string, readonly ExplainedClaim[]>
  /** By property: the source that locks it. */
  readonly locks: ReadonlyMap<string, string>
}

/** `undefined`: a source owns resources of the type whole, and the resource itself shows what it says. */
export async function explainClaims(
  session: Session,
  model: StoredModel,
  type: EntityType,
  { resourceId, values }: Pick<ResourceRecord, 'resourceId' | 'values'>,
): Promise<ExplainedClaims | undefined> {
  if (replicaLayoutOf(storedOwnership(model, type.name)) !== 'values') return undefined
  const { rows: ids } = await run(session, sourceIds)
  const rows: ReplicaRow[] = []
  for (const [place, source] of [...model.sources.values()].entries()) {
    const mapping = source.entities.find((one) => fills(one, type.name))
    const id = ids.find(({ name }) => name === source.name)?.source_id
    if (mapping === undefined || id === undefined) continue
    const query = attachedRows(model, type, { source: source.name, id, mapping, place }, resourceId)
    rows.push(...(await run(session, query)).rows)
  }
  const attached = rows.toSorted(inOrderOfAttachment)
  const claimed = type.properties.map(({ name }) => {
    const stored = values[name] ?? null
    return [name, claimsOf(model, type, { property: name, stored }, attached)] as const
  })
  return {
    replicas: await withDecisions(session, ancestry(model, type.name), attached.map(replicaOf)),
    claims: new Map(claimed.map(([name, claims]) => [name, claims.map(({ claim }) => claim)])),
    locks: new Map(
      claimed.flatMap(([name, claims]) => {
        const lock = claims.find(({ claim, holds }) => claim.policy === 'master_locked' && holds)
        return lock === undefined ? [] : [[name, lock.claim.source] as const]
      }),
    ),
  }
}

const sourceIds = statement<{ name: string; source_id: number }>(
  'explain/sources',
  sql`select name, source_id from sluice_source`,
)

interface ReplicaRow {
  readonly source: string
  /** Of the source, in the order of the configuration. */
  readonly place: number
  readonly key: string
  readonly status: ReplicaStatus
  readonly creator: boolean
  readonly seq: string
  readonly attached_run: string | null
  readonly changed_run: string | null
  readonly last_seen: string
  readonly absent_since: string | null
  readonly error: ExplainedReplica['error']
  readonly warnings: ExplainedReplica['warnings'] | null
  readonly matched: ExplainedReplica['matched']
  /** By property, of a file its name. */
  readonly texts: Readonly<Record<string, string | null>>
  /** By reference: the id of what its text names, or null. */
  readonly targets: Readonly<Record<string, string | null>>
}

interface MappedProperty {
  readonly name: string
  readonly by?: string | undefined
}

function attachedRows(
  model: StoredModel,
  type: EntityType,
  of: {
    readonly source: string
    readonly id: number
    readonly mapping: { readonly entityType: string; readonly properties: readonly MappedProperty[] }
    readonly place: number
  },
  resourceId: string,
): Statement<ReplicaRow> {
  const texts = of.mapping.properties.flatMap(({ name }) => {
    const property = type.properties.find((candidate) => candidate.name === name)
    if (property === undefined) return []
    const columns = assertedColumns(property)
    return [sql.literal(name), columnOfRow(sql`v`, columns[1] ?? columns[0])]
  })
  const targets = of.mapping.properties.flatMap(({ name, by }) => {
    const property = type.properties.find((candidate) => candidate.name === name)
    if (property?.type !== 'reference') return []
    const [column] = assertedColumns(property)
    return [sql.literal(name), targetOf(model, { to: property.to, by, text: columnOfRow(sql`v`, column) })]
  })
  const replicas = new Table(replicaTable(of.source, of.mapping.entityType))
  const asserted = new Table(assertedTable(of.mapping.entityType, of.id))
  return statement(
    `explain/find-claims ${of.source}`,
    sql`select ${sql.literal(of.source)}::text as source, ${sql.literal(of.place)}::int as place, r.key, r.status, r.creator, r.seq, r.attached_run, r.changed_run,
      r.last_seen, r.absent_since, r.error, r.warnings, r.matched, jsonb_build_object(${texts.length === 0 ? sql.blank : sql.join(texts, ', ')}) as texts,
      jsonb_build_object(${targets.length === 0 ? sql.blank : sql.join(targets, ', ')}) as targets
    from ${replicas} r join ${asserted} v on v.primary_key = r.key where r.resource_id = ${sql.value(resourceId)}::bigint`,
  )
}

/** The id (text) of the one resource that a reference's text names. */
function targetOf(
  model: StoredModel,
  {
    to,
    by = 'resource_id',
    text,
  }: { readonly to: string; readonly by?: string | undefined; readonly text: SQL },
): SQL {
  const parts = family(model, to).flatMap((target) => {
    const table = new Table(entityTable(target.name))
    const known = target.properties.map(({ name }) => name)
    if (by !== 'resource_id' && !namesIn(by).every((name) => known.includes(name))) return []
    const name = by === 'resource_id' ? sql`o.resource_id::text` : nameBy(target, by, sql`o`)
    return [sql`select o.resource_id from ${table} o where ${name} = ${text}`]
  })
  if (parts.length === 0) return sql`null::text`
  return sql`(select case when count(*) = 1 then min(x.resource_id)::text end from (${unionAll(parts)}) x)`
}

function inOrderOfAttachment(a: ReplicaRow, b: ReplicaRow): number {
  const runOf = ({ attached_run: attached }: ReplicaRow) => Number(attached ?? Number.MAX_SAFE_INTEGER)
  return runOf(a) - runOf(b) || a.place - b.place || Number(a.seq) - Number(b.seq)
}

function replicaOf(row: ReplicaRow): ExplainedReplica {
  return {
    source: row.source,
    key: row.key,
    status: row.status,
    creator: row.creator,
    lastSeen: row.absent_since ?? row.last_seen,
    error: row.error,
    warnings: row.warnings ?? [],
    matched: row.matched,
  }
}

async function withDecisions(
  session: Session,
  entityTypes: readonly string[],
  replicas: readonly ExplainedReplica[],
): Promise<readonly ExplainedReplica[]> {
  const decisions = await decisionsOf(session, entityTypes, replicas)
  return replicas.map((replica) => {
    const found = decisions.find(({ source, key }) => source === replica.source && key === replica.key)
    if (found === undefined) return replica
    const { decision, by, at, comment } = found
    return { ...replica, decided: { decision, by, at, comment } }
  })
}

/**
 * What a row says of the property, in the one spelling that its value has. Names of nobody are the same where they are names of one kind: a
 * code is not what somebody is called.
 */
function meantBy(
  type: EntityType,
  { name: property, by = '' }: MappedProperty,
  { texts, targets }: ReplicaRow,
): string | undefined {
  const text = texts[property] ?? undefined
  if (text === undefined || text === '') return text
  const known = type.properties.find(({ name }) => name === property)
  if (known?.type === 'reference') return targets[property] ?? `${by}: ${text}`
  return (known && spellingOf(known, {})?.of(text)) ?? text
}

interface HeldClaim {
  readonly claim: ExplainedClaim
  /** Its replica still has a say: an obsolete one may have given that up. */
  readonly holds: boolean
}

function claimsOf(
  model: StoredModel,
  type: EntityType,
  { property, stored }: { readonly property: string; readonly stored: unknown },
  attached: readonly ReplicaRow[],
): readonly HeldClaim[] {
  const since = (source: string) => attached.findIndex((row) => row.source === source)
  const claims = attached.flatMap((row) => {
    const source = model.sources.get(row.source)
    const mapping = source?.entities.find((one) => fills(one, type.name))
    const claimed = mapping?.properties.find(({ name }) => name === property)
    if (claimed === undefined || claimed.update === false) return []
    const policy: AttributePolicy = claimed.policy ?? 'master_locked'
    const claim: Claim<string> = {
      policy,
      precedence: claimed.precedence ?? 0,
      attached: since(row.source),
      changed: Number(row.changed_run ?? 0),
      row: Number(row.seq),
      asserts: meantBy(type, claimed, row),
      now: false,
      applied: row.status === 'synchronized',
      letGo: false,
    }
    return [{ row, claim, holds: row.status !== 'obsolete' || mapping?.obsoleteLocks !== false }]
  })
  const inOrder = claims.toSorted((a, b) => comesBefore(a.claim, b.claim))
  const masters = inOrder.filter(({ claim }) => claim.policy !== 'write_if_empty')
  const first = masters.find(({ claim, holds }) => holds && claim.asserts !== undefined)
  // Where those that master it say that there is no value, one that fills it stands.
  const filler = inOrder.find(({ claim }) => claim.policy === 'write_if_empty' && isValue(claim.asserts))
  const winner = filler !== undefined && stored !== null && !isValue(first?.claim.asserts) ? filler : first
  return inOrder.map(({ row, claim, holds }) => ({
    holds,
    claim: {
      source: row.source,
      key: row.key,
      policy: claim.policy,
      precedence: claim.precedence,
      says: shownText(type, property, row.texts[property] ?? null),
      standing: standingOf(claim, winner?.claim, row.status),
    },
  }))
}

function shownText(type: EntityType, property: string, text: string | null): string | null {
  const secret = type.properties.some((one) => one.name === property && isSecret(one))
  return secret && isValue(text) ? shownSecret : text
}

function isValue(text: string | null | undefined): boolean {
  return text !== null && text !== undefined && text !== ''
}

/** What has not been applied waits; a row that has disappeared, and only marked its resource, was. What says what the winner says is as good as it. */
function standingOf(
  claim: Claim<string>,
  winner: Claim<string> | undefined,
  status: ReplicaStatus,
): ExplainedClaim['standing'] {
  if (claim.asserts === undefined) return 'silent'
  if (claim === winner) return status === 'synchronized' || status === 'obsolete' ? 'wins' : 'waits'
  if (claim.policy === 'write_if_empty' && winner === undefined) return 'fills'
  if (winner === undefined || claim.asserts === winner.asserts) return 'agrees'
  return 'shadowed'
}
