/**
 * Finds the resource of each replica that has none: reconciliation, by the source's rules, as set operations.
 *
 * The outcome is what going through the rows one by one would have found: a row finds the resource that an earlier row of the same run has
 * made, and what resources are called after the changes of this run.
 *
 * @module
 */
import {
  anyOf,
  commas,
  exists,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { analyze, analyzeTable } from '../context/work-tables.ts'
import { isAsserted, type SharedShape, textsOf } from '../sql/shared-shape.ts'
import { weighDoubts } from './doubts.ts'
import { faulty } from './find-faults.ts'
import { pairsOf } from './find-pairs.ts'
import { hasQueue } from './queue.ts'
import type { ReplicaRows } from './read-rows.ts'
import {
  findsMade,
  keyOfRow,
  nameOfRule,
  type SearchRule,
  searchKeysOf,
  searchRulesOf,
  valuesByRule,
} from './search-keys.ts'
import type { SharedPart } from './shared-part.ts'

/**
 * One row for each replica that has no resource: _seq; outcome `attach`, `create` or `error`; resource_id of the first two; made: this run makes
 * the resource; creates: it would have been created, had it no fault; rule (from 1) by which it was found; code and text of an error.
 */
export interface FoundResources {
  readonly table: Table
  readonly count: number
}

export interface Seeking {
  readonly rows: ReplicaRows
  readonly faults: Table
  readonly changes: EntityChanges
}

export async function findResources(part: SharedPart, seeking: Seeking): Promise<FoundResources> {
  const { workTables, shape } = part
  const searches = await search(part, seeking)
  const matches = matchesOf(part, searches, seeking.changes)
  // What several rules find is read twice.
  const of = hasOneRule(shape)
    ? sql`(${matches.query})`
    : (await workTables.fill(workTables.named('matches', shape.mapping.name), matches)).table
  const found = await decideOutcomes(part, seeking, { searches: searches.table, matches: sql`${of}` })
  await create(part, found.table)
  return found
}

export interface Searched {
  readonly searches: Table
  /** _seq, rule, resource_id, count: of every rule, whichever decides. */
  readonly matches: Table
  /** As `FoundResources`; outcome `open`: nothing was found, and a resource may be created. */
  readonly found: FoundResources
}

/** Creates nothing yet. */
export async function searchResources(part: SharedPart, seeking: Seeking): Promise<Searched> {
  const { workTables, shape } = part
  const searches = await search(part, seeking)
  const matches = workTables.named('matches', shape.mapping.name)
  await workTables.fill(matches, matchesOf(part, searches, seeking.changes))
  const of = { searches: searches.table, matches: sql`${matches}` }
  return { searches: searches.table, matches, found: await decideOutcomes(part, seeking, of) }
}

interface SearchedRows {
  readonly table: Table
  readonly count: number
}

/** @param about What its work table is called after. */
export async function search(
  part: SharedPart,
  { rows, faults }: Pick<Seeking, 'rows' | 'faults'>,
  about: string = part.shape.mapping.name,
): Promise<SearchedRows> {
  const { session, workTables, shape } = part
  const searches = await workTables.fill(
    workTables.named('searches', about),
    searchesOf(part, rows.table, faults),
  )
  if (hasNormalizers(shape)) await run(session, analyze(searches.table))
  else await analyzeTable(session, searches.table, searches.count, '_seq')
  return searches
}

/** `matches`: relation (_seq, rule, resource_id, count). */
interface Matched {
  readonly searches: Table
  readonly matches: SQL
}

async function decideOutcomes(
  part: SharedPart,
  { changes }: Seeking,
  { searches, matches }: Matched,
): Promise<FoundResources> {
  const { session, workTables, shape } = part
  const outcomes = outcomesOf(part, { searches, matches })
  const found = await workTables.fill(workTables.named('found', shape.mapping.name), outcomes)
  await analyzeTable(session, found.table, found.count, '_seq')
  if (hasQueue(shape)) await weighDoubts(part, { searches, found: found.table, changes })
  return found
}

/** Then it finds of each row a single line of matches. */
function hasOneRule({ federation: { reconciliation } }: SharedShape): boolean {
  return reconciliation.policy === 'resource_id' || reconciliation.rules.length === 1
}

/** What the planner takes for many rows has all resources normalized, where an index would do. */
function hasNormalizers({ federation }: SharedShape): boolean {
  return federation.reconciliation.rules.flat().some(({ normalize }) => normalize.length > 0)
}

/**
 * _seq, _key; of each thing that rules compare its key (`search-keys.ts`); unsaid: no rule has all its values asserted; able: the row could be created.
 */
function searchesOf(part: SharedPart, rows: Table, faults: Table): Statement {
  const keys = searchKeysOf(part.shape).map((key) => sql`${keyOfRow(part, key)} as ${key.column}`)
  const stated = searchRulesOf(part.shape).map((rule) =>
    sql.join(
      rule.keys.map(({ property }) => isAsserted(property, sql`a`)),
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
export function matchesOf(
  { shape }: SharedPart,
  { table: searches, count }: SearchedRows,
  changes: EntityChanges,
): Statement {
  const pairs = count === 0 ? [] : pairsOf(shape, searches, changes)
  const parts = pairs.map(
    ({
      rule,
      query,
    }) => sql`select m._seq, ${sql.literal(rule)} as rule, min(m.resource_id) as resource_id, count(*)::int as count
    from (${query}) m group by m._seq`,
  )
  const none = sql`select a._seq, 0 as rule, null::bigint as resource_id, 0 as count from ${searches} a where false`
  return statement(`replicas/match ${shape.mapping.name}`, parts.length === 0 ? none : unionAll(parts))
}

/** What each row found, by the first rule that found anything; `open`: nothing, and it may be created. */
function outcomesOf(part: SharedPart, { searches, matches }: Matched): Statement {
  const { shape } = part
  const { policy, onZero, onOne, onMultiple } = shape.federation.reconciliation
  const rules = searchRulesOf(shape)
  const invalid = policy === 'resource_id' ? sql`a._key !~ '^[0-9]+$'` : sql.false
  const zero = onZero === 'create' ? 'open' : 'error'
  const one = onOne === 'update' ? 'attach' : 'error'
  const several = { take_first: 'attach', create: 'open', error: 'error', queue: 'error' }[onMultiple]
  const attaches = anyOf([
    ...(one === 'attach' ? [sql`m.count = 1`] : []),
    ...(several === 'attach' ? [sql`m.count > 1`] : []),
  ])
  const doubted = onMultiple === 'queue' ? 'doubtful_match' : 'several_matches'
  // Of rows that wait for a person: the resources they may be of, and the one that is gone that somebody had decided for.
  const doubts = onMultiple === 'queue' ? sql`, null::jsonb as doubt, null::bigint as gone` : sql.blank
  const names = rules.map(nameOfRule)
  const ruleNames = sql`(array[${commas(names.map((name) => sql.literal(name)))}]::text[])[m.rule]`
  const keys = searchKeysOf(shape).map(({ column }) => sql`a.${column}`)
  const first = hasOneRule(shape)
    ? matches
    : sql`(select distinct on (_seq) * from ${matches} x where count > 0 order by _seq, rule)`
  return statement(
    `replicas/find-resources ${shape.mapping.name}`,
    sql`select a._seq, case
        when ${invalid} or a.unsaid then 'error'
        when coalesce(m.count, 0) = 0 then ${sql.literal(zero)}
        when m.count = 1 then ${sql.literal(one)}
        else ${sql.literal(several)} end as outcome,
      m.resource_id, false as made, false as creates, m.rule,
      case
        when ${invalid} then 'invalid_key' when a.unsaid then 'null_key_value'
        when coalesce(m.count, 0) = 0 then 'no_match' when ${attaches} then null when m.count = 1 then 'unexpected_match' else ${sql.literal(doubted)} end as code,
      case
        when ${invalid} then format('"%s" is not the id of a resource', left(a._key, 200))
        when a.unsaid then ${sql.literal(`no value to search by: ${names.join('; ')}`)}
        when coalesce(m.count, 0) = 0 then ${sql.literal(`no resource matches: ${names.join('; ')}`)}
        when ${attaches} then null
        else format('%s resources match: %s %s', m.count, ${ruleNames}, ${valuesByRule(shape, sql`m.rule`, sql`a`)}) end as text,
      a.sound, a.lacks${doubts}${keys.length === 0 ? sql.blank : sql`, ${commas(keys)}`}
    from ${searches} a
    left join ${first} m on m._seq = a._seq`,
  )
}

/**
 * Of the rows that may be created, each makes its resource that shares no key with an earlier one; the others find that of the earlier. Where
 * there are several rules, what is made in one pass may be found in the next.
 */
async function create(part: SharedPart, found: Table): Promise<void> {
  const { session, shape } = part
  const rules = searchRulesOf(shape)
  if (shape.type.abstract) {
    await run(session, refuseAbstract(part, found))
    return
  }
  const able = sql`a.sound and a.lacks is null`
  if (!(await exists(session, anyOpen(part, found)))) return
  while ((await run(session, makeFirst(part, found, able))).count > 0) {
    if (rules.length === 0) break
    for (const rule of rules) await run(session, findMade(part, found, rule))
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

function anyOpen({ shape }: SharedPart, found: Table): Statement {
  return statement(
    `replicas/any-open ${shape.mapping.name}`,
    sql`select from ${found} a where a.outcome = 'open'`,
  )
}

/** The configuration creates nothing of such a type; a person may have decided so. */
function refuseAbstract({ shape }: SharedPart, found: Table): Statement {
  const text = `${shape.type.name} is abstract: a resource of it cannot be created`
  return statement(
    `replicas/refuse-abstract ${shape.mapping.name}`,
    sql`update ${found} a set outcome = 'error', code = 'no_match', text = ${sql.literal(text)} where a.outcome = 'open'`,
  )
}

function makeFirst(part: SharedPart, found: Table, able: SQL): Statement {
  const { shape } = part
  const { onMultiple } = shape.federation.reconciliation
  const earlier = searchRulesOf(shape).map(
    (
      rule,
    ) => sql`exists (select from ${found} x where x.outcome = 'open' and x.sound and x.lacks is null and x._seq < a._seq
      and ${findsMade(rule)})`,
  )
  // Where several were found already, one more is made for each: by the source's policy, or by a person's decision.
  const many = onMultiple === 'create' || onMultiple === 'queue' ? sql`a.rule is not null or ` : sql.blank
  const alone = earlier.length === 0 ? sql.true : sql`${many}not (${sql.join(earlier, ' or ')})`
  return statement(
    `replicas/create ${shape.mapping.name}`,
    // In their order, so that what came first has the lower id.
    sql`update ${found} a set outcome = 'create', resource_id = m.resource_id, made = true, creates = true, code = null, text = null, rule = null
    from (select x._seq, nextval('sluice_resource_id') as resource_id from (
      select a._seq from ${found} a where a.outcome = 'open' and ${able} and (${alone}) order by a._seq) x) m
    where m._seq = a._seq`,
  )
}

function findMade(part: SharedPart, found: Table, rule: SearchRule): Statement {
  const { shape } = part
  const { onOne } = shape.federation.reconciliation
  const set =
    onOne === 'update'
      ? sql`outcome = 'attach', resource_id = x.resource_id, made = true, rule = ${sql.literal(rule.number)}, code = null, text = null`
      : sql`outcome = 'error', code = 'unexpected_match', text = '1 resource matches, made by an earlier row'`
  return statement(
    `replicas/find-made ${shape.mapping.name}`,
    sql`update ${found} a set ${set} from ${found} x
    where a.outcome = 'open' and a.rule is null and x.outcome = 'create' and x._seq < a._seq and ${findsMade(rule)}`,
  )
}
