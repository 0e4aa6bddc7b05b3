/**
 * What every replica of the affected resources says of each property: a row of typed values for each replica.
 *
 * @module
 */
import type { AttributePolicy, Property } from '@sluice/model'
import {
  columnOf,
  columnsOf,
  more,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
  unionAll,
} from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import {
  isAsserted,
  isReference,
  type SharedProperty,
  type SharedReference,
  type SharedShape,
  textsOf,
  valuesOf,
} from '../sql/shared-shape.ts'
import { targetsOf } from '../sql/targets.ts'
import { faulty } from './find-faults.ts'
import type { Missing } from './find-missing.ts'
import { type ReplicaRows, referencesOf, targetOf } from './read-rows.ts'
import type { SharedPart } from './shared-part.ts'

/** What the run says of the source's own replicas. */
export interface OwnReplicas {
  readonly rows: ReplicaRows
  readonly faults: Table
  readonly missing: Missing
  /** Resources that somebody else has written, of which what is locked is repaired. */
  readonly external?: Table | undefined
  /** Of the types that were worked on before: what references name lies under them. */
  readonly changes: EntityChanges
  /** Rows that find their resource with this run; absent as long as they have not. */
  readonly found?: Table | undefined
}

/** Resources that become one: what their replicas assert is of the one that stays, and nothing is said anew. */
export interface MergedReplicas {
  /** merged_id, kept_id. */
  readonly merged: Table
  readonly changes: EntityChanges
}

/** A property as one source asserts it, with the number of the source among the owners. */
export interface Claimant {
  readonly owner: number
  readonly policy: AttributePolicy
  readonly precedence: number
}

export interface ClaimedProperty {
  /** Its number among the properties of the type. */
  readonly n: number
  readonly property: Property
  readonly masters: readonly Claimant[]
  readonly fillers: readonly Claimant[]
}

/** No run has a higher number: of what this run attaches or changes, which has none in a plan. */
const thisRun = sql`9223372036854775807::bigint`

export function claimedProperties({ shape, owners }: SharedPart): readonly ClaimedProperty[] {
  return shape.type.properties.flatMap((property, n): readonly ClaimedProperty[] => {
    const claimants = owners.flatMap((owner, index) =>
      owner.properties
        .filter((one) => one.property.name === property.name && one.update)
        .map(({ policy, precedence }): Claimant => ({ owner: index, policy, precedence })),
    )
    if (claimants.length === 0) return []
    const masters = claimants.filter(({ policy }) => policy !== 'write_if_empty')
    return [{ n, property, masters, fillers: claimants.filter(({ policy }) => policy === 'write_if_empty') }]
  })
}

/** Columns of claims about the property number `n`: whether it is asserted, and whether it was let go. */
export const has = (n: number) => sql.identifier(`_has_${n}`)
export const lets = (n: number) => sql.identifier(`_lets_${n}`)
/** Of a reference: what it names is not there, which only its own row's run makes of it what it is. */
export const open = (n: number) => sql.identifier(`_open_${n}`)

export interface Claiming<Own = OwnReplicas | MergedReplicas> {
  readonly own: Own
  readonly affected: Table
  readonly claimed: readonly ClaimedProperty[]
}

/** One row of each replica of an affected resource, numbered. */
export function claimsOf(part: SharedPart, claiming: Claiming): Statement {
  const each = part.owners.map((_, index) => claimsOfOwner(part, index, claiming))
  return statement(
    `replicas/claims ${part.shape.mapping.name}`,
    sql`select row_number() over () as _n, x.* from (${unionAll(each)}) x`,
  )
}

/** The same of the owner with this number alone, without numbers. */
export function claimsOfOwner(part: SharedPart, index: number, { own, ...of }: Claiming): SQL {
  const owner = part.owners[index]
  if (owner === undefined) throw new Error(`${part.shape.type.name} has no owner ${index}.`)
  if ('merged' in own) return mergedClaims(part, owner, index, { ...of, own })
  if (owner.sourceId !== part.sourceId) return othersClaims(part, owner, index, { ...of, own })
  return unionAll([
    appliedClaims(part, owner, index, { ...of, own }),
    stayingClaims(part, owner, index, { ...of, own }),
  ])
}

/** Query (resource_id) of as many rows as `claimsOfOwner`, which nothing of what they say has to be read for. */
export function claimedResources(part: SharedPart, index: number, { own, affected }: Claiming): SQL {
  const owner = part.owners[index]
  if (owner === undefined) throw new Error(`${part.shape.type.name} has no owner ${index}.`)
  const isAffected = (resource: SQL) => sql`${resource} in (select resource_id from ${affected})`
  if ('merged' in own) {
    const resource = sql`coalesce(m.kept_id, r.resource_id)`
    return sql`select ${resource} as resource_id from ${owner.replicas} r left join ${own.merged} m on m.merged_id = r.resource_id
      where ${isAffected(resource)}${stillHeard(owner)}`
  }
  const stored = sql`select r.resource_id from ${owner.replicas} r where ${isAffected(sql`r.resource_id`)}${stillHeard(owner)}`
  if (owner.sourceId !== part.sourceId) return stored
  const { rows, found } = own
  const resource = found === undefined ? sql`a._resource_id` : sql`coalesce(a._resource_id, f.resource_id)`
  const attaching =
    found === undefined ? sql.blank : sql` left join ${found} f on f._seq = a._seq and f.outcome <> 'error'`
  return unionAll([
    sql`select ${resource} as resource_id from ${rows.table} a${attaching} where ${isAffected(resource)}`,
    sql`${stored} and not exists (select from ${rows.table} a where a._seq = r.seq)`,
  ])
}

/** Of the rows that the run applies, as it has read them: a client may have written them since. */
function appliedClaims(
  part: SharedPart,
  owner: SharedShape,
  index: number,
  { own: { rows, faults, found, changes }, affected, claimed }: Claiming<OwnReplicas>,
): SQL {
  const resource = found === undefined ? sql`r.resource_id` : sql`coalesce(r.resource_id, f.resource_id)`
  const attaching =
    found === undefined ? sql.blank : sql` left join ${found} f on f._seq = r.seq and f.outcome <> 'error'`
  return claimRows(part, owner, {
    index,
    claimed,
    changes,
    resource,
    targets: (reference) => {
      const n = referencesOf(part).findIndex(({ property }) => property.name === reference.property.name)
      const { id, count } = targetOf(sql`v`, n)
      return sql`case when ${count} = 1 then ${id} end`
    },
    facts: sql`case when r.resource_id is null then ${thisRun} else r.attached_run end as _attached,
      case when b._seq is null then ${thisRun} else r.changed_run end as _changed, b._seq is null as _now,
      b._seq is null as _applied, false as _goes`,
    from: sql`${rows.table} v cross join lateral (select v._seq as seq, v._key as key, v._resource_id as resource_id,
        v._attached_run as attached_run, v._changed_run as changed_run, v._let_go as let_go) r
      left join ${faulty(faults)} b on b._seq = r.seq${attaching}`,
    which: sql`${resource} in (select resource_id from ${affected})`,
  })
}

/** Of the source's other replicas. */
function stayingClaims(
  part: SharedPart,
  owner: SharedShape,
  index: number,
  { own: { rows, missing, changes }, affected, claimed }: Claiming<OwnReplicas>,
): SQL {
  const goes = sql`coalesce(g.action in ('delete', 'release', 'pass_on', 'unlink', 'detach', 'renew'), false)`
  const marked = sql`coalesce(g.action in ('mark', 'refuse'), false)`
  return claimRows(part, owner, {
    index,
    claimed,
    changes,
    resource: sql`r.resource_id`,
    facts: sql`r.attached_run as _attached, r.changed_run as _changed, false as _now,
      r.status = 'synchronized' and not ${marked} as _applied, ${goes} as _goes`,
    from: sql`${owner.replicas} r join ${owner.asserted} v on v.primary_key = r.key left join ${missing.table} g on g.seq = r.seq`,
    which: sql`r.resource_id in (select resource_id from ${affected})
      and not exists (select from ${rows.table} a where a._seq = r.seq)${stillHeard(owner)}`,
  })
}

function othersClaims(
  part: SharedPart,
  owner: SharedShape,
  index: number,
  { own, affected, claimed }: Claiming<OwnReplicas>,
): SQL {
  return claimRows(part, owner, {
    index,
    claimed,
    changes: own.changes,
    resource: sql`r.resource_id`,
    facts: sql`r.attached_run as _attached, r.changed_run as _changed, false as _now, r.status = 'synchronized' as _applied, false as _goes`,
    from: sql`${owner.replicas} r join ${owner.asserted} v on v.primary_key = r.key`,
    which: sql`r.resource_id in (select resource_id from ${affected})${stillHeard(owner)}`,
  })
}

function mergedClaims(
  part: SharedPart,
  owner: SharedShape,
  index: number,
  { own: { changes, merged }, affected, claimed }: Claiming<MergedReplicas>,
): SQL {
  const resource = sql`coalesce(m.kept_id, r.resource_id)`
  return claimRows(part, owner, {
    index,
    claimed,
    changes,
    resource,
    facts: sql`r.attached_run as _attached, r.changed_run as _changed, false as _now, r.status = 'synchronized' as _applied, false as _goes`,
    from: sql`${owner.replicas} r join ${owner.asserted} v on v.primary_key = r.key left join ${merged} m on m.merged_id = r.resource_id`,
    which: sql`${resource} in (select resource_id from ${affected})${stillHeard(owner)}`,
  })
}

/** A replica that has only marked its resource has its place still, unless its source gives that up. */
function stillHeard({ source }: SharedShape): SQL {
  return source.obsoleteLocks === false ? sql` and r.status <> 'obsolete'` : sql.blank
}

function claimRows(
  part: SharedPart,
  owner: SharedShape,
  of: {
    readonly index: number
    readonly claimed: readonly ClaimedProperty[]
    readonly changes: EntityChanges
    readonly resource: SQL
    readonly facts: SQL
    readonly from: SQL
    readonly which: SQL
    /** What references of rows that have been read name; looked for when absent. */
    readonly targets?: ((reference: SharedReference) => SQL) | undefined
  },
): SQL {
  const joins: SQL[] = []
  const columns = of.claimed.flatMap(({ n, property }): readonly SQL[] => {
    const mapped = owner.properties.find((one) => one.property.name === property.name && one.update)
    if (mapped === undefined) return unsaid(n, property)
    const asserted = sql`${isAsserted(mapped, sql`v`)} as ${has(n)}`
    const letGo = sql`(${sql.literal(property.name)} = any(r.let_go) and not ${isAsserted(mapped, sql`v`)}) as ${lets(n)}`
    return [asserted, letGo, ...typedColumns(part, owner, { of, mapped, n, joins })]
  })
  return sql`select ${sql.literal(of.index)}::int as _source, r.seq as _seq, r.key as _key, ${of.resource} as resource_id, ${of.facts}${more(columns)}
    from ${of.from}${joins.length === 0 ? sql.blank : sql` ${sql.join(joins, ' ')}`} where ${of.which}`
}

function unsaid(n: number, property: Property): readonly SQL[] {
  return [
    sql`false as ${has(n)}`,
    sql`false as ${lets(n)}`,
    ...(property.type === 'reference' ? [sql`false as ${open(n)}`] : []),
    ...columnsOf(property).map((column) => sql`null::${typeOf(column)} as ${sql.identifier(column.name)}`),
  ]
}

function typedColumns(
  part: SharedPart,
  owner: SharedShape,
  {
    of,
    mapped,
    n,
    joins,
  }: {
    readonly of: {
      readonly from: SQL
      readonly which: SQL
      readonly changes: EntityChanges
      readonly targets?: ((reference: SharedReference) => SQL) | undefined
    }
    readonly mapped: SharedProperty
    readonly n: number
    readonly joins: SQL[]
  },
): readonly SQL[] {
  if (!isReference(mapped)) {
    return valuesOf(mapped, sql`v`).map((value, index) => {
      const column = mapped.columns[index] ?? mapped.columns[0]
      return sql`(${value})::${typeOf(column)} as ${sql.identifier(column.name)}`
    })
  }
  const column = sql.identifier(columnOf(mapped.property))
  if (of.targets !== undefined) return [sql`false as ${open(n)}`, sql`${of.targets(mapped)} as ${column}`]
  const alias = sql.identifier(`target_${owner.sourceId}_${n}`)
  const name = sql`nullif(${textsOf(mapped, sql`v`)[0]}, '')`
  const needed = sql`select ${name} from ${of.from} where ${of.which}`
  joins.push(
    sql`left join ${targetsOf(part, mapped, needed, of.changes)} ${alias} on ${alias}.value = ${name} and ${alias}.count = 1`,
  )
  return [
    sql`(${name} is not null and ${alias}.resource_id is null) as ${open(n)}`,
    sql`${alias}.resource_id as ${column}`,
  ]
}
