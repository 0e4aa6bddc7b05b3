/**
 * Tries rows out that somebody has made up: what each would find, and what every rule says of it, whichever decides.
 *
 * @module
 */
import {
  hiddenText,
  isComposed,
  isSecret,
  namesIn,
  partName,
  primaryKeyColumn,
  type RowToTest,
  type TestedRow,
  type TestedRule,
} from '@sluice/model'
import {
  commas,
  composedOfRow,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import { noEntityChanges } from '../changes/entity-changes.ts'
import { displayName } from '../sql/display-values.ts'
import { isReference } from '../sql/shared-shape.ts'
import { findFaults } from './find-faults.ts'
import { pairsOf, pairsOfRule } from './find-pairs.ts'
import { type Searched, searchResources } from './find-resources.ts'
import { hasQueue } from './queue.ts'
import { findReferences } from './read-rows.ts'
import { type SearchKey, searchKeysOf, searchRulesOf } from './search-keys.ts'
import type { SharedPart } from './shared-part.ts'

/** So many resources are named of what a rule finds. */
const resourcesNamed = 5

/** Each by itself, against what is stored: rows of one list do not find one another. Its work tables stay. */
export async function tryRows(part: SharedPart, asked: readonly RowToTest[]): Promise<readonly TestedRow[]> {
  const { workTables, shape, session } = part
  const given = asked.map((row) => withoutSecrets(shape, row))
  const about = shape.mapping.name
  const plain = await workTables.fill(workTables.named('replica_rows', about), givenRows(part, given))
  const rows = await findReferences(part, plain, noEntityChanges)
  const faults = await findFaults(part, rows)
  const searched = await searchResources(part, { rows, faults, changes: noEntityChanges })
  const outcomes = await run(session, readOutcomes(part, searched, faults))
  const found = await run(session, findFirst(part, searched.searches))
  const alone = await run(session, countAlone(part, searched.searches))
  return outcomes.rows.map((outcome) => {
    const mine = found.rows.filter(({ seq }) => seq === outcome.seq)
    const counts = alone.rows.filter(({ seq }) => seq === outcome.seq)
    const rules = rulesOf(part, given[outcome.seq - 1] ?? {}, { outcome, found: mine, alone: counts })
    return testedRow(outcome, rules, hasQueue(shape))
  })
}

const anySecret = hiddenText(new Uint8Array(8), new Uint8Array(32))

/** Nothing is found by a secret, so any will do for it. */
function withoutSecrets({ properties }: SharedPart['shape'], row: RowToTest): RowToTest {
  const secrets = properties.filter(({ property }) => isSecret(property) && (row[property.name] ?? '') !== '')
  return { ...row, ...Object.fromEntries(secrets.map(({ property }) => [property.name, anySecret])) }
}

function givenRows({ shape }: SharedPart, given: readonly RowToTest[]): Statement {
  const text = (name: string) => sql`(x.row ->> ${sql.literal(name)}) collate "C"`
  const textOf = (property: string, by: string | undefined) =>
    isComposed(by)
      ? composedOfRow(namesIn(by).map((name) => sql`(${text(partName(property, name))})`))
      : text(property)
  const columns = [
    ...shape.properties.flatMap(({ property, asserted, by }) =>
      asserted.map((column, n) => {
        // Of a file nothing is tried out: nothing is found by it.
        const value = n === 0 && property.type !== 'file' ? textOf(property.name, by) : sql`null::text`
        return sql`${value} as ${sql.identifier(column)}`
      }),
    ),
    ...shape.linkSets.map(({ column }) => sql`null::text as ${sql.identifier(column)}`),
  ]
  return statement(
    `replicas/given-rows ${shape.mapping.name}`,
    sql`select coalesce(${text(primaryKeyColumn)}, ${text(shape.mapping.key)}, '') as _key, x.n as _seq, 'new'::text as _status,
      null::bigint as _resource_id, false as _creator, 0::bigint as _revision, null::bigint as _attached_run, null::bigint as _changed_run,
      '{}'::text[] as _let_go, null::bigint as _digest${more(columns)}
    from jsonb_array_elements(${sql.value(JSON.stringify(given))}::jsonb) with ordinality x(row, n)`,
  )
}

interface OutcomeRow {
  readonly seq: number
  readonly key: string
  readonly outcome: 'attach' | 'open' | 'error'
  readonly resource_id: string | null
  readonly display: string | null
  readonly rule: number | null
  readonly code: string | null
  readonly text: string | null
  readonly lacks: string | null
  readonly fault: { readonly code: string; readonly text: string } | null
  /** Of each thing that rules compare, in their order. */
  readonly keys: readonly (string | null)[]
}

function readOutcomes(
  { model, shape }: SharedPart,
  { searches, found: { table: found } }: Searched,
  faults: Table,
): Statement<OutcomeRow> {
  const keys = commas(searchKeysOf(shape).map(({ column }) => sql`f.${column}`))
  const display = displayName({ model, changes: [] }, shape.type.name, sql`f.resource_id`)
  return statement(
    `replicas/read-outcomes ${shape.mapping.name}`,
    sql`select f._seq::int as seq, a._key as key, f.outcome, f.resource_id, case when f.resource_id is not null then ${display} end as display, f.rule,
      f.code, f.text, f.lacks, array[${keys}]::text[] as keys,
      (select jsonb_build_object('code', b.code, 'text', b.text) from ${faults} b where b._seq = f._seq and not b.warning order by b.code limit 1) as fault
    from ${found} f join ${searches} a on a._seq = f._seq order by f._seq`,
  )
}

interface FirstFound {
  readonly seq: number
  readonly rule: number
  readonly count: number
  readonly resources: readonly { readonly resourceId: string; readonly display: string }[]
}

/** What each rule finds of each row: how many resources, and the first of them. */
function findFirst({ model, shape }: SharedPart, searches: Table): Statement<FirstFound> {
  const pairs = pairsOf(shape, searches, noEntityChanges).map(
    ({ rule, query }) => sql`select ${sql.literal(rule)}::int as rule, p.* from (${query}) p`,
  )
  const none = sql`select 0 as rule, null::bigint as _seq, null::bigint as resource_id where false`
  const display = displayName({ model, changes: [] }, shape.type.name, sql`n.resource_id`)
  const resource = sql`jsonb_build_object('resourceId', n.resource_id::text, 'display', ${display})`
  return statement(
    `replicas/find-first ${shape.mapping.name}`,
    sql`select n._seq::int as seq, n.rule, n.count::int as count, jsonb_agg(${resource} order by n.resource_id) as resources
    from (select p.*, row_number() over (partition by p._seq, p.rule order by p.resource_id) as place, count(*) over (partition by p._seq, p.rule) as count
      from (${pairs.length === 0 ? none : unionAll(pairs)}) p) n
    where n.place <= ${sql.literal(resourcesNamed)} group by n._seq, n.rule, n.count`,
  )
}

interface CountAlone {
  readonly seq: number
  readonly n: number
  readonly count: number
}

/** How many resources have each key, whatever the others: why a rule of several finds nothing. */
function countAlone({ shape }: SharedPart, searches: Table): Statement<CountAlone> {
  const each = searchKeysOf(shape).map((key): SQL => {
    const query = pairsOfRule(shape, searches, { number: 0, keys: [key] })
    return sql`select p._seq::int as seq, ${sql.literal(key.n)}::int as n, count(*)::int as count from (${query}) p group by p._seq`
  })
  const none = sql`select 0 as seq, 0 as n, 0 as count where false`
  return statement(`replicas/count-alone ${shape.mapping.name}`, each.length === 0 ? none : unionAll(each))
}

interface FoundOfRow {
  readonly outcome: OutcomeRow
  readonly found: readonly FirstFound[]
  readonly alone: readonly CountAlone[]
}

function rulesOf(
  { shape }: SharedPart,
  row: RowToTest,
  { outcome, found, alone }: FoundOfRow,
): readonly TestedRule[] {
  const tested = (search: SearchKey): TestedRule['keys'][number] => {
    const { n } = search
    const { property, normalize } = search.key
    const says = saidOf(search, row)
    const key = outcome.keys[n] ?? null
    return {
      property,
      normalize: [...normalize],
      says,
      key,
      without: key === null ? whyNot(search, says) : null,
      alone: key === null ? null : (alone.find((one) => one.n === n)?.count ?? 0),
    }
  }
  const byId: TestedRule['keys'][number] = {
    property: primaryKeyColumn,
    normalize: [],
    says: row[primaryKeyColumn] ?? null,
    key: outcome.key,
    without: null,
    alone: null,
  }
  const rules =
    shape.federation.reconciliation.policy === 'resource_id'
      ? [{ rule: 1, keys: [byId] }]
      : searchRulesOf(shape).map(({ number, keys }) => ({ rule: number, keys: keys.map(tested) }))
  const deciding = Math.min(...found.map(({ rule }) => rule))
  return rules.map(({ rule, keys }) => {
    const mine = found.find((one) => one.rule === rule)
    return {
      rule,
      keys,
      count: mine?.count ?? 0,
      resources: [...(mine?.resources ?? [])],
      decides: rule === deciding,
    }
  })
}

/** What several properties name together is shown as the parts that were given. */
function saidOf({ key: { property }, property: { by } }: SearchKey, row: RowToTest): string | null {
  if (!isComposed(by)) return row[property] ?? null
  const parts = namesIn(by).flatMap((name) => row[partName(property, name)] ?? [])
  return parts.length === 0 ? null : parts.join(' | ')
}

function whyNot(search: SearchKey, says: string | null): 'unsaid' | 'worthless' | 'impossible' {
  if (says === null) return 'unsaid'
  return search.key.normalize.includes('worthless') && !isReference(search.property)
    ? 'worthless'
    : 'impossible'
}

/** `queued`: a person may have decided, whatever the rules say. */
function testedRow(outcome: OutcomeRow, rules: readonly TestedRule[], queued: boolean): TestedRow {
  const { seq, key, resource_id: resourceId, display, fault } = outcome
  const deciding = rules.find(({ decides }) => decides)?.rule ?? null
  const is = outcomeOf(outcome)
  const byPerson =
    is === 'ignore' || (is === 'link' && outcome.rule === null) || (is === 'create' && outcome.rule !== null)
  const decided = queued && byPerson
  return {
    row: seq,
    key,
    outcome: is,
    resource: is === 'link' && resourceId !== null ? { resourceId, display: display ?? resourceId } : null,
    rule: decided ? null : deciding,
    decided,
    error: is === 'error' || is === 'wait' ? (fault ?? errorOf(outcome)) : null,
    rules: [...rules],
  }
}

function outcomeOf({ outcome, code, lacks, fault }: OutcomeRow): TestedRow['outcome'] {
  if (fault !== null) return 'error'
  if (outcome === 'attach') return 'link'
  if (outcome === 'open') return lacks === null ? 'create' : 'error'
  if (code === 'ignored') return 'ignore'
  return code === 'doubtful_match' ? 'wait' : 'error'
}

function errorOf({ outcome, code, text, lacks }: OutcomeRow): TestedRow['error'] {
  if (outcome === 'open') return { code: 'required_missing', text: `${lacks}: a value is required` }
  return { code: code ?? 'unknown', text: text ?? '' }
}
