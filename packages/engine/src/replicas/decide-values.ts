/**
 * Decides what every property of the affected resources is after the run, of all that their replicas assert: the SQL of the model's
 * `decideValue`, for whole columns at once; a test holds the two equal.
 *
 * @module
 */
import type { AttributePolicy, Property } from '@sluice/model'
import {
  anyOf,
  type Column,
  columnOf,
  columnOfRow,
  columnsOf,
  commas,
  exists,
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
import { analyzeTable } from '../context/work-tables.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import {
  isAsserted,
  isReference,
  type SharedProperty,
  type SharedShape,
  textsOf,
  valuesOf,
} from '../sql/shared-shape.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'
import { targetsOf } from '../sql/targets.ts'
import { faulty } from './find-faults.ts'
import type { Missing } from './find-missing.ts'
import type { ReplicaRows } from './read-rows.ts'
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

/** A property as one source asserts it, with the number of the source among the owners. */
interface Claimant {
  readonly owner: number
  readonly policy: AttributePolicy
  readonly precedence: number
}

interface ClaimedProperty {
  /** Its number among the properties of the type. */
  readonly n: number
  readonly property: Property
  readonly masters: readonly Claimant[]
  readonly fillers: readonly Claimant[]
}

/** No run has a higher number: of what this run attaches or changes, which has none in a plan. */
const thisRun = sql`9223372036854775807::bigint`

/**
 * Statement of change rows for the affected resources (`affected`: resource_id, mark: the update of the delete policy is written). Rows in
 * which nothing differs are `same`.
 */
export async function decideValues(part: SharedPart, own: OwnReplicas, affected: Table): Promise<Statement> {
  const { session, workTables, shape } = part
  const about = `${shape.mapping.name}${own.found === undefined ? '' : '_found'}`
  const claimed = claimedProperties(part)
  const claims = await workTables.fill(
    workTables.named('claims', about),
    claimsOf(part, own, affected, claimed),
  )
  await analyzeTable(session, claims.table, claims.count, '_n')
  const alone = !(await exists(session, anySiblings(part, claims.table)))
  const holders = await workTables.fill(
    workTables.named('claims', `${about}_holders`),
    holdersOf(part, claims.table, { claimed, alone }),
  )
  await analyzeTable(session, holders.table, holders.count, 'resource_id')
  return changeRows(part, { affected, claims: claims.table, holders: holders.table, claimed, alone })
}

function claimedProperties({ shape, owners }: SharedPart): readonly ClaimedProperty[] {
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

const has = (n: number) => sql.identifier(`_has_${n}`)
const lets = (n: number) => sql.identifier(`_lets_${n}`)
const holder = (n: number) => sql.identifier(`_holder_${n}`)
const lost = (n: number) => sql.identifier(`_lost_${n}`)
const filler = (n: number) => sql.identifier(`_filler_${n}`)

/** One row of each replica of an affected resource. */
function claimsOf(
  part: SharedPart,
  own: OwnReplicas,
  affected: Table,
  claimed: readonly ClaimedProperty[],
): Statement {
  const each = part.owners.flatMap((owner, index): readonly SQL[] => {
    const of = { own, affected, claimed }
    return owner.sourceId === part.sourceId
      ? [appliedClaims(part, owner, index, of), stayingClaims(part, owner, index, of)]
      : [othersClaims(part, owner, index, of)]
  })
  return statement(
    `replicas/claims ${part.shape.mapping.name}`,
    sql`select row_number() over () as _n, x.* from (${unionAll(each)}) x`,
  )
}

interface Claiming {
  readonly own: OwnReplicas
  readonly affected: Table
  readonly claimed: readonly ClaimedProperty[]
}

/** Of the rows that the run applies, as it has read them: a client may have written them since. */
function appliedClaims(
  part: SharedPart,
  owner: SharedShape,
  index: number,
  { own: { rows, faults, found, changes }, affected, claimed }: Claiming,
): SQL {
  const resource = found === undefined ? sql`r.resource_id` : sql`coalesce(r.resource_id, f.resource_id)`
  const attaching =
    found === undefined ? sql.blank : sql` left join ${found} f on f._seq = r.seq and f.outcome <> 'error'`
  return claimRows(part, owner, {
    index,
    claimed,
    changes,
    resource,
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
  { own: { rows, missing, changes }, affected, claimed }: Claiming,
): SQL {
  const goes = sql`coalesce(g.action in ('delete', 'release'), false)`
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
  { own, affected, claimed }: Claiming,
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
  },
): SQL {
  const joins: SQL[] = []
  const columns = of.claimed.flatMap(({ n, property }): readonly SQL[] => {
    const mapped = owner.properties.find((one) => one.property.name === property.name && one.update)
    if (mapped === undefined) return unsaid(n, columnsOf(property))
    const asserted = sql`${isAsserted(mapped, sql`v`)} as ${has(n)}`
    const letGo = sql`(${sql.literal(property.name)} = any(r.let_go) and not ${isAsserted(mapped, sql`v`)}) as ${lets(n)}`
    return [asserted, letGo, ...typedColumns(part, owner, { of, mapped, n, joins })]
  })
  return sql`select ${sql.literal(of.index)}::int as _source, r.seq as _seq, r.key as _key, ${of.resource} as resource_id, ${of.facts}${more(columns)}
    from ${of.from}${joins.length === 0 ? sql.blank : sql` ${sql.join(joins, ' ')}`} where ${of.which}`
}

function unsaid(n: number, columns: readonly Column[]): readonly SQL[] {
  return [
    sql`false as ${has(n)}`,
    sql`false as ${lets(n)}`,
    ...columns.map((column) => sql`null::${typeOf(column)} as ${sql.identifier(column.name)}`),
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
    readonly of: { readonly from: SQL; readonly which: SQL; readonly changes: EntityChanges }
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
  const alias = sql.identifier(`target_${owner.sourceId}_${n}`)
  const name = sql`nullif(${textsOf(mapped, sql`v`)[0]}, '')`
  const needed = sql`select ${name} from ${of.from} where ${of.which}`
  joins.push(
    sql`left join ${targetsOf(part, mapped, needed, of.changes)} ${alias} on ${alias}.value = ${name} and ${alias}.count = 1`,
  )
  return [sql`${alias}.resource_id as ${sql.identifier(columnOf(mapped.property))}`]
}

/**
 * Places of claimants, first the one that comes first: precedence, then a lock before none. Those with one place are told apart by who held it
 * first, or, without locks, who changed it last.
 */
function placesOf(claimants: readonly Claimant[]): ReadonlyMap<number, number> {
  const worth = ({ precedence, policy }: Claimant) => `${precedence} ${policy === 'master_locked'}`
  const inOrder = claimants.toSorted(
    (a, b) =>
      b.precedence - a.precedence ||
      Number(b.policy === 'master_locked') - Number(a.policy === 'master_locked'),
  )
  const distinct = [...new Set(inOrder.map(worth))]
  return new Map(claimants.map((claimant) => [claimant.owner, distinct.indexOf(worth(claimant)) + 1]))
}

function bySource(values: ReadonlyMap<number, SQL>, alias: SQL): SQL {
  const cases = [...values].map(([owner, value]) => sql`when ${sql.literal(owner)} then ${value}`)
  return sql`case ${alias}._source ${sql.join(cases, ' ')} end`
}

function placeIn(claimants: readonly Claimant[], alias: SQL): SQL {
  const places = [...placesOf(claimants)].map(([owner, place]) => [owner, sql.literal(place)] as const)
  return bySource(new Map(places), alias)
}

function isLockedBy(claimants: readonly Claimant[], alias: SQL): SQL {
  const locks = claimants.map(
    ({ owner, policy }) => [owner, sql.literal(policy === 'master_locked')] as const,
  )
  return bySource(new Map(locks), alias)
}

function orderOf(claimants: readonly Claimant[]): SQL {
  const tie = sql`case when ${isLockedBy(claimants, sql`x`)} then x._attached else -x._changed end`
  return sql`${placeIn(claimants, sql`x`)}, ${tie}, x._attached, x._source, x._seq`
}

/** Of each property of a resource: the number of the claim that holds it, the best place of those that let it go, and the claim that fills it where it is empty. */
function holdersOf(
  { shape }: SharedPart,
  claims: Table,
  { claimed, alone }: { readonly claimed: readonly ClaimedProperty[]; readonly alone: boolean },
): Statement {
  const columns = claimed.flatMap(({ n, masters, fillers }): readonly SQL[] => {
    const heard = sql`not x._goes and (${has(n)} or not x._applied)`
    const of = (claimants: readonly Claimant[]) =>
      sql`x._source in (${commas(claimants.map(({ owner }) => sql.literal(owner)))})`
    return [
      ...(masters.length === 0
        ? []
        : [
            sql`${firstOf(masters, heard, alone)} as ${holder(n)}`,
            sql`min(${placeIn(masters, sql`x`)}) filter (where ((x._now and ${lets(n)}) or (x._goes and ${has(n)})) and ${of(masters)}) as ${lost(n)}`,
          ]),
      ...(fillers.length === 0
        ? []
        : [sql`${firstOf(fillers, sql`x._now and ${has(n)} and not x._goes`, alone)} as ${filler(n)}`]),
    ]
  })
  return statement(
    `replicas/holders ${shape.mapping.name}`,
    sql`select x.resource_id, min(x._key) as _key${more(columns)} from ${claims} x group by x.resource_id`,
  )
}

/** Resources of which one source has several replicas are rare, and decided with more effort. */
function anySiblings({ shape }: SharedPart, claims: Table): Statement {
  return statement(
    `replicas/any-siblings ${shape.mapping.name}`,
    sql`select from ${claims} x group by x.resource_id, x._source having count(*) > 1 limit 1`,
  )
}

/** The first claim of those for which `which` holds. Only claimants that share a place have to be sorted. */
function firstOf(claimants: readonly Claimant[], which: SQL, alone: boolean): SQL {
  const sorted = (among: readonly Claimant[]) => {
    const owners = commas(among.map(({ owner }) => sql.literal(owner)))
    return sql`(array_agg(x._n order by ${orderOf(claimants)}) filter (where ${which} and x._source in (${owners})))[1]`
  }
  if (!alone) return sorted(claimants)
  const places = placesOf(claimants)
  const inOrder = [...new Set(places.values())].toSorted((a, b) => a - b)
  const first = inOrder.map((place) => {
    const among = claimants.filter(({ owner }) => places.get(owner) === place)
    const [only, ...others] = among
    if (only === undefined || others.length > 0) return sorted(among)
    return sql`min(x._n) filter (where ${which} and x._source = ${sql.literal(only.owner)})`
  })
  return sql`coalesce(${commas(first)})`
}

interface Deciding {
  readonly affected: Table
  readonly claims: Table
  readonly holders: Table
  readonly claimed: readonly ClaimedProperty[]
  /** No source has several replicas of one of the resources. */
  readonly alone: boolean
}

function changeRows({ shape }: SharedPart, deciding: Deciding): Statement {
  const { affected, holders, claimed } = deciding
  const joins = joinsOf(deciding)
  const decided = new Map(
    shape.type.properties.flatMap((property, n) => {
      const one = claimed.find((candidate) => candidate.n === n)
      return columnsOf(property).map(
        ({ name }) => [name, markedOr(shape, property, decidedValue(deciding, one, n, name))] as const,
      )
    }),
  )
  const names = columnNames(shape.type)
  const value = (name: string) => decided.get(name) ?? columnOfRow(sql`o`, name)
  const differs = names.map(
    (name) => sql`${columnOfRow(sql`o`, name)} is distinct from x.${sql.identifier(name)}`,
  )
  return statement(
    `replicas/decide-values ${shape.mapping.name}`,
    sql`select case when o.resource_id is null then 'insert' when ${anyOf(differs)} then 'update' else 'same' end as _operation,
      x.resource_id, x._key, ${versionOf(sql`o`)} as _base_version, ${placeOf(sql`o`)} as _base_place, null::boolean as _drift${more(
        names.map((name) => sql`x.${sql.identifier(name)}`),
      )}
    from (select a.resource_id, d._key${more(names.map((name) => sql`${value(name)} as ${sql.identifier(name)}`))}
      from ${affected} a left join ${holders} d on d.resource_id = a.resource_id
      left join ${resourcesOf(shape.type.name)} o on o.resource_id = a.resource_id ${sql.join(joins, ' ')}) x
    left join ${resourcesOf(shape.type.name)} o on o.resource_id = x.resource_id`,
  )
}

/** The claims that decide: of each source, or, where one may have several, of each property. */
function joinsOf({ claims, claimed, alone }: Deciding): readonly SQL[] {
  if (!alone) {
    const by = (alias: SQL, n: SQL) => sql`left join ${claims} ${alias} on ${alias}._n = d.${n}`
    return claimed.flatMap(({ n, masters, fillers }) => [
      ...(masters.length === 0 ? [] : [by(sql.identifier(`h_${n}`), holder(n))]),
      ...(fillers.length === 0 ? [] : [by(sql.identifier(`f_${n}`), filler(n))]),
    ])
  }
  const owners = new Set(
    claimed.flatMap(({ masters, fillers }) => [...masters, ...fillers].map(({ owner }) => owner)),
  )
  return [...owners].map((owner) => {
    const alias = ofSource(owner)
    return sql`left join ${claims} ${alias} on ${alias}.resource_id = a.resource_id and ${alias}._source = ${sql.literal(owner)}`
  })
}

function ofSource(owner: number): SQL {
  return sql.identifier(`s_${owner}`)
}

function decidedValue(
  { alone }: Deciding,
  claimed: ClaimedProperty | undefined,
  n: number,
  name: string,
): SQL {
  const stored = columnOfRow(sql`o`, name)
  if (claimed === undefined) return stored
  const { masters, fillers } = claimed
  const taken = (alias: SQL) => {
    const takes = sql`${isLockedBy(masters, alias)} or ${alias}._now or d.${lost(n)} <= ${placeIn(masters, alias)}`
    return sql`case when ${alias}._applied and (${takes}) then ${columnOfRow(alias, name)} else ${stored} end`
  }
  const held = (alias: SQL) => columnOfRow(alias, name)
  const [one, fills] = [sql.identifier(`h_${n}`), sql.identifier(`f_${n}`)]
  const mastered = alone
    ? among(masters, holder(n), taken, stored)
    : masters.length === 0
      ? stored
      : taken(one)
  if (fillers.length === 0) return mastered
  return sql`coalesce(${mastered}, ${alone ? among(fillers, filler(n), held, sql.null) : held(fills)})`
}

/** The value by the claim that the column `n` of the holders names. */
function among(claimants: readonly Claimant[], n: SQL, value: (alias: SQL) => SQL, none: SQL): SQL {
  if (claimants.length === 0) return none
  const cases = claimants.map(({ owner }) => sql`when ${ofSource(owner)}._n then ${value(ofSource(owner))}`)
  return sql`case d.${n} ${sql.join(cases, ' ')} else ${none} end`
}

/** What the delete policy writes comes before all else. */
function markedOr({ federation }: SharedShape, property: Property, value: SQL): SQL {
  const written = federation.deletePolicy.update.get(property.name)
  if (written === undefined) return value
  const [column] = columnsOf(property)
  const literal = written === '' ? sql.null : sql.literal(written)
  return sql`case when a.mark then ${literal}::${typeOf(column)} else ${value} end`
}
