/**
 * Decides what every property of the affected resources is after the run, of all that their replicas assert: the SQL of the model's
 * `decideValue`, for whole columns at once; a test holds the two equal.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import {
  anyOf,
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
} from '@sluice/repository'
import { analyzeColumns } from '../context/work-tables.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import type { SharedShape } from '../sql/shared-shape.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'
import { isLockedBy, orderOf, placeIn, placesOf } from './claim-order.ts'
import {
  type Claimant,
  type ClaimedProperty,
  claimedProperties,
  claimsOf,
  has,
  lets,
  type MergedReplicas,
  type OwnReplicas,
  open,
} from './claims.ts'
import type { SharedPart } from './shared-part.ts'

/**
 * Statement of change rows for the affected resources (`affected`: resource_id, mark: the update of the delete policy is written). Rows in
 * which nothing differs are `same`. `about`: which decision of the run it is; `standing`: relation of the values that stand where no source decides, as the type's table has them; what
 * is stored when absent.
 */
export async function decideValues(
  part: SharedPart,
  own: OwnReplicas | MergedReplicas,
  affected: Table,
  {
    about: pass,
    standing = resourcesOf(part.shape.type.name),
  }: { readonly about: string; readonly standing?: Table | undefined },
): Promise<Statement> {
  const { session, workTables, shape } = part
  const about = `${shape.mapping.name}_${pass}`
  const claimed = claimedProperties(part)
  const claims = await workTables.fill(
    workTables.named('claims', about),
    claimsOf(part, own, affected, claimed),
  )
  await analyzeColumns(session, claims.table, claims.count, ['_n', 'resource_id', '_source'])
  const alone = !(await exists(session, anySiblings(part, claims.table)))
  const holders = await workTables.fill(
    workTables.named('claims', `${about}_holders`),
    holdersOf(part, claims.table, { claimed, alone }),
  )
  await analyzeColumns(session, holders.table, holders.count, ['resource_id'])
  return changeRows(part, {
    affected,
    standing,
    claims: claims.table,
    holders: holders.table,
    claimed,
    alone,
  })
}

const holder = (n: number) => sql.identifier(`_holder_${n}`)
const lost = (n: number) => sql.identifier(`_lost_${n}`)
const filler = (n: number) => sql.identifier(`_filler_${n}`)

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
        : [sql`${firstFiller(fillers, sql`x._now and ${has(n)} and not x._goes`, alone)} as ${filler(n)}`]),
    ]
  })
  return statement(
    `replicas/holders ${shape.mapping.name}`,
    sql`select x.resource_id, min(x._key) as _key${more(columns)} from ${alone ? claims : withFirst(claims)} x group by x.resource_id`,
  )
}

/** Each claim with when its source came to the resource. */
function withFirst(claims: Table): SQL {
  return sql`(select c.*, min(c._attached) over (partition by c.resource_id, c._source) as _first from ${claims} c)`
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
    return sql`(array_agg(x._n order by ${orderOf(claimants, alone ? sql`x._attached` : sql`x._first`)}) filter (where ${which} and x._source in (${owners})))[1]`
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

/** Of several rows of the source that runs the first one fills: the others find that there is a value. */
function firstFiller(fillers: readonly Claimant[], which: SQL, alone: boolean): SQL {
  if (alone) return firstOf(fillers, which, alone)
  const owners = commas(fillers.map(({ owner }) => sql.literal(owner)))
  return sql`(array_agg(x._n order by x._seq) filter (where ${which} and x._source in (${owners})))[1]`
}

interface Deciding {
  readonly affected: Table
  readonly standing: Table
  readonly claims: Table
  readonly holders: Table
  readonly claimed: readonly ClaimedProperty[]
  /** No source has several replicas of one of the resources. */
  readonly alone: boolean
}

function changeRows({ shape }: SharedPart, deciding: Deciding): Statement {
  const { affected, standing, holders, claimed } = deciding
  const joins = joinsOf(deciding)
  const decided = new Map(
    shape.type.properties.flatMap((property, n) => {
      const one = claimed.find((candidate) => candidate.n === n)
      return columnsOf(property).map(
        ({ name }) =>
          [
            name,
            markedOr(shape, property, decidedValue(deciding, one, n, name), isSaidNow(deciding, one, n)),
          ] as const,
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
      left join ${standing} o on o.resource_id = a.resource_id ${sql.join(joins, ' ')}) x
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
    const named = claimed.property.type === 'reference' ? sql` and not ${alias}.${open(n)}` : sql.blank
    return sql`case when ${alias}._applied${named} and (${takes}) then ${columnOfRow(alias, name)} else ${stored} end`
  }
  const held = (alias: SQL) => columnOfRow(alias, name)
  const [one, fills] = [sql.identifier(`h_${n}`), sql.identifier(`f_${n}`)]
  const mastered = alone
    ? among(masters, holder(n), taken, stored)
    : masters.length === 0
      ? stored
      : taken(one)
  if (fillers.length === 0) return mastered
  const filled = alone ? among(fillers, filler(n), held, sql.null) : held(fills)
  return sql`coalesce(${mastered}, case when not ${isKeptEmpty(claimed, n, alone)} then ${filled} end)`
}

/** Condition: who locks the property says that there is no value, and comes before the one that would fill it. */
function isKeptEmpty({ masters, fillers }: ClaimedProperty, n: number, alone: boolean): SQL {
  const holds = (owner: number) =>
    alone
      ? sql`d.${holder(n)} = ${ofSource(owner)}._n`
      : sql`${sql.identifier(`h_${n}`)}._source = ${sql.literal(owner)}`
  const fills = (owner: number) =>
    alone
      ? sql`d.${filler(n)} = ${ofSource(owner)}._n`
      : sql`${sql.identifier(`f_${n}`)}._source = ${sql.literal(owner)}`
  const pairs = masters
    .filter(({ policy }) => policy === 'master_locked')
    .flatMap((master) =>
      fillers
        .filter(({ precedence }) => master.precedence >= precedence)
        .map((each) => sql`(${holds(master.owner)} and ${fills(each.owner)})`),
    )
  return pairs.length === 0 ? sql.false : sql`coalesce(${sql.join(pairs, ' or ')}, false)`
}

/** The value by the claim that the column `n` of the holders names. */
function among(claimants: readonly Claimant[], n: SQL, value: (alias: SQL) => SQL, none: SQL): SQL {
  if (claimants.length === 0) return none
  const cases = claimants.map(({ owner }) => sql`when ${ofSource(owner)}._n then ${value(ofSource(owner))}`)
  return sql`case d.${n} ${sql.join(cases, ' ')} else ${none} end`
}

/** Condition: a row that this very run applies holds the property. */
function isSaidNow({ alone }: Deciding, claimed: ClaimedProperty | undefined, n: number): SQL {
  if (claimed === undefined || claimed.masters.length === 0) return sql.false
  const now = (alias: SQL) => sql`${alias}._now`
  const holds = alone ? among(claimed.masters, holder(n), now, sql.false) : now(sql.identifier(`h_${n}`))
  return sql`coalesce(${holds}, false)`
}

/** What the delete policy writes comes before all that was said before: what has disappeared is marked first, then rows are applied. */
function markedOr({ federation }: SharedShape, property: Property, value: SQL, saidNow: SQL): SQL {
  const written = federation.deletePolicy.update.get(property.name)
  if (written === undefined) return value
  const [column] = columnsOf(property)
  const literal = written === '' ? sql.null : sql.literal(written)
  return sql`case when a.mark and not ${saidNow} then ${literal}::${typeOf(column)} else ${value} end`
}
