/**
 * Finds the resource of each replica that has none: reconciliation, by the source's rules, as set operations.
 *
 * The outcome is what going through the rows one by one would have found: a row finds the resource that an earlier row of the same run has
 * made, and what resources are called after the changes of this run.
 *
 * @module
 */
import {
  columnOf,
  columnOfRow,
  commas,
  lookedUpAs,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { analyzeTable } from '../context/work-tables.ts'
import {
  isAsserted,
  isIllegal,
  isReference,
  type SharedProperty,
  textsOf,
  valuesOf,
} from '../sql/shared-shape.ts'
import { resourcesOf } from '../sql/tables.ts'
import { faulty } from './find-faults.ts'
import { type ReplicaRows, referencesOf, targetOf } from './read-rows.ts'
import type { SharedPart } from './shared-part.ts'

/**
 * One row for each replica that has no resource: _seq; outcome `attach`, `create` or `error`; resource_id of the first two; made: this run makes
 * the resource; creates: it would have been created, had it no fault; rule (from 1) and matched, the values by which it was found; code and text of an error.
 */
export interface FoundResources {
  readonly table: Table
  readonly count: number
}

export async function findResources(
  part: SharedPart,
  {
    rows,
    faults,
    changes,
  }: { readonly rows: ReplicaRows; readonly faults: Table; readonly changes: EntityChanges },
): Promise<FoundResources> {
  const { session, workTables, shape } = part
  const about = shape.mapping.name
  const searches = await workTables.fill(
    workTables.named('searches', about),
    searchesOf(part, rows.table, faults),
  )
  await analyzeTable(session, searches.table, searches.count, '_seq')
  const matches = workTables.named('matches', about)
  await workTables.fill(matches, matchesOf(part, searches.table, changes.tables.get(shape.type.name)))
  const found = await workTables.fill(
    workTables.named('found', about),
    outcomesOf(part, searches.table, matches),
  )
  await analyzeTable(session, found.table, found.count, '_seq')
  await create(part, found.table)
  return found
}

/** The properties that rules name, each once; their keys are called k_0, k_1 and so on. */
function searched({ shape }: SharedPart): readonly SharedProperty[] {
  const { rules } = shape.federation.reconciliation
  const names = [...new Set(rules.flat())]
  return names.flatMap((name) => shape.properties.filter(({ property }) => property.name === name))
}

function keyName(n: number): SQL {
  return sql.identifier(`k_${n}`)
}

/** Numbers of the keys of each rule. */
function rulesOf(part: SharedPart): readonly (readonly number[])[] {
  const names = searched(part).map(({ property }) => property.name)
  return part.shape.federation.reconciliation.rules.map((rule) => rule.map((name) => names.indexOf(name)))
}

/**
 * _seq, _key; of each searched property its key: a text that equal values share, empty where there is none, null where the row asserts
 * nothing or what cannot be found; unsaid: no rule has all its values asserted; able: the row could be created.
 */
function searchesOf(part: SharedPart, rows: Table, faults: Table): Statement {
  const properties = searched(part)
  const keys = properties.map((property, n) => sql`${keyOfRow(part, property)} as ${keyName(n)}`)
  const stated = rulesOf(part).map((rule) =>
    sql.join(
      rule.map((n) => {
        const property = properties[n]
        return property === undefined ? sql.false : isAsserted(property, sql`a`)
      }),
      ' and ',
    ),
  )
  const unsaid = stated.length === 0 ? sql.false : sql`not ((${sql.join(stated, ') or (')}))`
  const missing = requiredMissing(part)
  return statement(
    `replicas/search ${part.shape.mapping.name}`,
    sql`select a._seq, a._key, ${unsaid} as unsaid, b._seq is null as sound,
      ${missing} as lacks${keys.length === 0 ? sql.blank : sql`, ${commas(keys)}`}
    from ${rows} a left join ${faulty(faults)} b on b._seq = a._seq where a._resource_id is null and a._status in ('new', 'modified')`,
  )
}

function keyOfRow(part: SharedPart, property: SharedProperty): SQL {
  const asserted = isAsserted(property, sql`a`)
  const text = sql`nullif(${textsOf(property, sql`a`)[0]}, '')`
  if (isReference(property)) {
    const n = referencesOf(part).indexOf(property)
    const { id, count } = targetOf(sql`a`, n)
    return sql`case when not ${asserted} then null when ${text} is null then '' when ${count} = 1 then ${id}::text end`
  }
  const [value = sql.null] = valuesOf(property, sql`a`)
  const illegal = isIllegal(property, sql`a`)
  const legal = illegal === undefined ? sql.true : sql`not ${illegal}`
  return sql`case when ${asserted} and ${legal} then coalesce(${lookedUpAs(property.property, value)}, '') end`
}

/** Name of the first required property that the row would leave empty in a new resource, or null. */
function requiredMissing({ shape }: SharedPart): SQL {
  const required = shape.type.properties.filter((property) => property.required)
  const cases = required.map((property) => {
    const mapped = shape.properties.find((one) => one.property.name === property.name && one.update)
    const empty =
      mapped === undefined
        ? sql.true
        : sql`not ${isAsserted(mapped, sql`a`)} or ${textsOf(mapped, sql`a`)[0]} = ''`
    return sql`when ${empty} then ${sql.literal(property.name)}`
  })
  return cases.length === 0 ? sql`null::text` : sql`case ${sql.join(cases, ' ')} end`
}

/** _seq, rule, resource_id (the lowest), count. */
function matchesOf(part: SharedPart, searches: Table, changes: Table | undefined): Statement {
  const { shape } = part
  const { policy } = shape.federation.reconciliation
  const parts =
    policy === 'resource_id'
      ? [idMatches(part, searches, changes)]
      : rulesOf(part).map((rule, n) => ruleMatches(part, { searches, changes, rule, number: n + 1 }))
  const none = sql`select a._seq, 0 as rule, null::bigint as resource_id, 0 as count from ${searches} a where false`
  return statement(`replicas/match ${shape.mapping.name}`, parts.length === 0 ? none : unionAll(parts))
}

function ruleMatches(
  part: SharedPart,
  of: {
    readonly searches: Table
    readonly changes: Table | undefined
    readonly rule: readonly number[]
    readonly number: number
  },
): SQL {
  const properties = searched(part)
  const equal = of.rule.map((n) => sql`x.${keyName(n)} = a.${keyName(n)}`)
  const keys = of.rule.flatMap((n) => (properties[n] === undefined ? [] : [{ n, property: properties[n] }]))
  return sql`select a._seq, ${sql.literal(of.number)} as rule, min(x.resource_id) as resource_id, count(*)::int as count
    from ${of.searches} a join ${keysOfResources(part, keys, of.changes)} x on ${sql.join(equal, ' and ')} group by a._seq`
}

/** Relation (resource_id, keys) of the resources of the type as this run has left them so far. */
function keysOfResources(
  { shape }: SharedPart,
  keys: readonly { readonly n: number; readonly property: SharedProperty }[],
  changes: Table | undefined,
): SQL {
  const columns = (alias: SQL) =>
    commas(
      keys.map(({ n, property: { property } }) => {
        const column = columnOfRow(alias, columnOf(property))
        const text = property.type === 'reference' ? sql`${column}::text` : lookedUpAs(property, column)
        return sql`coalesce(${text}, '') as ${keyName(n)}`
      }),
    )
  return afterChanges(shape.type.name, changes, (alias) => columns(alias))
}

function afterChanges(entityType: string, changes: Table | undefined, columns: (alias: SQL) => SQL): SQL {
  const stored = sql`select o.resource_id, ${columns(sql`o`)} from ${resourcesOf(entityType)} o`
  if (changes === undefined) return sql`(${stored})`
  return sql`(${stored} where not exists (select from ${changes} c where c.resource_id = o.resource_id)
    union all select c.resource_id, ${columns(sql`c`)} from ${changes} c where c._operation <> 'delete')`
}

function idMatches({ shape }: SharedPart, searches: Table, changes: Table | undefined): SQL {
  const resources = afterChanges(shape.type.name, changes, (alias) => sql`${alias}.resource_id::text as id`)
  return sql`select a._seq, 1 as rule, x.resource_id, 1 as count from ${searches} a join ${resources} x on x.id = a._key`
}

/** What each row found, by the first rule that found anything; `open`: nothing, and it may be created. */
function outcomesOf(part: SharedPart, searches: Table, matches: Table): Statement {
  const { shape } = part
  const { policy, rules, onZero, onOne, onMultiple } = shape.federation.reconciliation
  const invalid = policy === 'resource_id' ? sql`a._key !~ '^[0-9]+$'` : sql.false
  const zero = onZero === 'create' ? 'open' : 'error'
  const one = onOne === 'update' ? 'attach' : 'error'
  const several = { take_first: 'attach', create: 'open', error: 'error' }[onMultiple]
  const names = rules.map((rule) => rule.join(', '))
  const ruleNames = sql`(array[${commas(names.map((name) => sql.literal(name)))}]::text[])[m.rule]`
  const keys = searched(part).map((_, n) => sql`a.${keyName(n)}`)
  const values = rulesOf(part).map(
    (rule, n) =>
      sql`when ${sql.literal(n + 1)} then jsonb_build_object(${commas(
        rule.flatMap((k) => [sql.literal(searched(part)[k]?.property.name ?? ''), sql`a.${keyName(k)}`]),
      )})`,
  )
  const matched = values.length === 0 ? sql`null::jsonb` : sql`case m.rule ${sql.join(values, ' ')} end`
  return statement(
    `replicas/find-resources ${shape.mapping.name}`,
    sql`select a._seq, case
        when ${invalid} or a.unsaid then 'error'
        when coalesce(m.count, 0) = 0 then ${sql.literal(zero)}
        when m.count = 1 then ${sql.literal(one)}
        else ${sql.literal(several)} end as outcome,
      m.resource_id, false as made, false as creates, m.rule, ${matched} as matched,
      case
        when ${invalid} then 'invalid_key' when a.unsaid then 'null_key_value'
        when coalesce(m.count, 0) = 0 then 'no_match' when m.count = 1 then 'unexpected_match' else 'several_matches' end as code,
      case
        when ${invalid} then format('"%s" is not the id of a resource', left(a._key, 200))
        when a.unsaid then ${sql.literal(`no value to search by: ${names.join('; ')}`)}
        when coalesce(m.count, 0) = 0 then ${sql.literal(`no resource matches: ${names.join('; ')}`)}
        else format('%s resources match: %s %s', m.count, ${ruleNames}, ${matched}) end as text,
      a.sound, a.lacks${keys.length === 0 ? sql.blank : sql`, ${commas(keys)}`}
    from ${searches} a
    left join (select distinct on (_seq) * from ${matches} where count > 0 order by _seq, rule) m on m._seq = a._seq`,
  )
}

/**
 * Of the rows that may be created, each makes its resource that shares no key with an earlier one; the others find that of the earlier. Where
 * there are several rules, what is made in one pass may be found in the next.
 */
async function create(part: SharedPart, found: Table): Promise<void> {
  const { session, shape } = part
  const rules = rulesOf(part)
  const able = sql`a.sound and a.lacks is null`
  while ((await run(session, makeFirst(part, found, able))).count > 0) {
    if (rules.length === 0) break
    for (const [n, rule] of rules.entries()) await run(session, findMade(part, found, rule, n + 1))
  }
  await run(
    session,
    statement(
      `replicas/refuse-creations ${shape.mapping.name}`,
      sql`update ${found} a set outcome = 'error', creates = true, code = case when a.sound then 'required_missing' end,
        text = case when a.sound then format('%s: a value is required', a.lacks) end
      where a.outcome = 'open'`,
    ),
  )
}

/** By which what the row `x` makes can be found: what it asserts, unless that serves to search alone. */
function madeKey(part: SharedPart, n: number): SQL {
  return searched(part)[n]?.update === false ? sql`''` : sql`coalesce(x.${keyName(n)}, '')`
}

function makeFirst(part: SharedPart, found: Table, able: SQL): Statement {
  const { shape } = part
  const { onMultiple } = shape.federation.reconciliation
  const earlier = rulesOf(part).map(
    (
      rule,
    ) => sql`exists (select from ${found} x where x.outcome = 'open' and x.sound and x.lacks is null and x._seq < a._seq
      and ${sql.join(
        rule.map((n) => sql`${madeKey(part, n)} = a.${keyName(n)}`),
        ' and ',
      )})`,
  )
  // Where several were found already, one more is made for each.
  const many = onMultiple === 'create' ? sql`a.rule is not null or ` : sql.blank
  const alone = earlier.length === 0 ? sql.true : sql`${many}not (${sql.join(earlier, ' or ')})`
  return statement(
    `replicas/create ${shape.mapping.name}`,
    // In their order, so that what came first has the lower id.
    sql`update ${found} a set outcome = 'create', resource_id = m.resource_id, made = true, creates = true, code = null, text = null,
      rule = null, matched = null
    from (select x._seq, nextval('sluice_resource_id') as resource_id from (
      select a._seq from ${found} a where a.outcome = 'open' and ${able} and (${alone}) order by a._seq) x) m
    where m._seq = a._seq`,
  )
}

function findMade(part: SharedPart, found: Table, rule: readonly number[], number: number): Statement {
  const { shape } = part
  const { onOne } = shape.federation.reconciliation
  const values = sql`jsonb_build_object(${commas(
    rule.flatMap((k) => [sql.literal(searched(part)[k]?.property.name ?? ''), sql`a.${keyName(k)}`]),
  )})`
  const set =
    onOne === 'update'
      ? sql`outcome = 'attach', resource_id = x.resource_id, made = true, rule = ${sql.literal(number)}, matched = ${values}, code = null, text = null`
      : sql`outcome = 'error', code = 'unexpected_match', text = '1 resource matches, made by an earlier row'`
  const equal = rule.map((n) => sql`${madeKey(part, n)} = a.${keyName(n)}`)
  return statement(
    `replicas/find-made ${shape.mapping.name}`,
    sql`update ${found} a set ${set} from ${found} x
    where a.outcome = 'open' and a.rule is null and x.outcome = 'create' and x._seq < a._seq and ${sql.join(equal, ' and ')}`,
  )
}
