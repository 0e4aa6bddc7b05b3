/**
 * What a run leaves of the replicas that it has looked at: their status, their resource, what was wrong with them.
 *
 * @module
 */
import {
  anyOf,
  columnOfRow,
  one,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { analyzeColumns } from '../context/work-tables.ts'
import type { SharedShape } from '../sql/shared-shape.ts'
import { columnNames } from '../sql/tables.ts'
import { whoUnlinked } from './actions.ts'
import type { OwnReplicas } from './claims.ts'
import type { LaidOutLinks } from './lay-out-links.ts'
import { hasQueue } from './queue.ts'
import { searchRulesOf, valuesOfRule } from './search-keys.ts'
import { changesIn, type SharedPart } from './shared-part.ts'

/**
 * Of one source: operation (`write`, `delete` the row, `unlink` it from its resource, `inherit` the right to delete the resource), key, revision as it was read,
 * and of a `write` all that is known of the replica; `was`: its status before. `outcome`: what the report counts it as. `seq` and `digest`: of one that arrives, whose replica is written now.
 */
export interface LeftStatuses {
  readonly shape: SharedShape
  readonly table: Table
  /** Every operation is a `write`. */
  readonly onlyWrites: boolean
}

type OwnFound = OwnReplicas & { readonly found: Table }

/** What the run changes of the type and of the links of its rows. */
interface LaidOut {
  readonly changes: EntityChanges
  readonly links: readonly LaidOutLinks[]
}

export async function leaveStatuses(
  part: SharedPart,
  own: OwnFound,
  laidOut: LaidOut,
): Promise<readonly LeftStatuses[]> {
  const { session, workTables, shape, owners } = part
  const left: LeftStatuses[] = []
  const facts = await one(session, factsOf(part, own, changesIn(shape, laidOut.changes)))
  for (const owner of owners) {
    // Rows of one mapping may be left by the parts of several types.
    const about = [...new Set([owner.type.name, shape.mapping.name])].join('_')
    const table = workTables.named('statuses', `${owner.source.name}_${about}`)
    const isOwn = owner.sourceId === part.sourceId
    const written = isOwn
      ? (await workTables.fill(table, applied(part, own, { ...laidOut, facts }))).count
      : 0
    if (!isOwn) await workTables.create(`replicas/begin-statuses ${shape.mapping.name}`, table, statusColumns)
    let count = written
    for (const step of [
      ...(isOwn ? [disappeared(part, own, table)] : []),
      ...consequences(part, owner, own, table),
    ])
      count += (await run(session, step)).count
    // What waits for a person may need to wait no more, though no row is left.
    if (count === 0 && !(isOwn && hasQueue(shape))) {
      await workTables.drop([table])
      continue
    }
    await analyzeColumns(session, table, count, ['key', 'operation'])
    left.push({ shape: owner, table, onlyWrites: count === written })
  }
  return left
}

const statusColumns = sql`operation text, key text collate "C", revision bigint, resource_id bigint, status text, creator boolean,
  attached boolean, changed boolean, error jsonb, warnings jsonb, matched jsonb, outcome text, was text, seq bigint, digest bigint`

function insertInto(table: Table): SQL {
  return sql`insert into ${table} (operation, key, revision, resource_id, status, creator, attached, changed, error, warnings, matched, outcome)`
}

/** What most runs have none of, so that a million rows are not joined with nothing. */
interface Facts {
  /** Rows that found what earlier ones of this run have made: they may say of a resource what those have said just before. */
  readonly repeats: boolean
  readonly faulty: boolean
  readonly warned: boolean
  /** Rows that had their resource before. */
  readonly attached: boolean
  /** Resources that the run changes. */
  readonly changed: boolean
}

function factsOf(
  { shape }: SharedPart,
  { rows, faults, found }: OwnFound,
  changes: SQL | undefined,
): Statement<Facts> {
  const changed = changes === undefined ? sql.false : sql`exists (select from ${changes} c)`
  return statement(
    `replicas/before-leaving ${shape.mapping.name}`,
    sql`select exists (select from ${found} f where f.outcome = 'attach' and f.made) as repeats,
      exists (select from ${faults} b where not b.warning) as faulty, exists (select from ${faults} b where b.warning) as warned,
      exists (select from ${rows.table} a where a._resource_id is not null) as attached, ${changed} as changed`,
  )
}

/** Query, with the columns of a table of statuses: rows of which the run applied what they assert, or could not. */
function applied(
  { shape }: SharedPart,
  { rows, faults, missing, found }: OwnFound,
  { changes, links, facts }: LaidOut & { readonly facts: Facts },
): Statement {
  const changed = facts.changed ? changesIn(shape, changes) : undefined
  const linked = links.map(
    (one) =>
      sql` and not exists (select from ${one.table} l where l.${sql.identifier(one.end)} = coalesce(a._resource_id, f.resource_id))`,
  )
  const asItWas =
    changed === undefined
      ? sql.true
      : sql`(coalesce(c._operation, 'same') = 'same'${onlyMarked(shape, missing.table)})`
  const untouched = linked.length === 0 ? asItWas : sql`(${asItWas}${sql.join(linked, '')})`
  const same = facts.repeats
    ? sql`(${untouched} or (p._seq is not null and ${repeated(shape, rows.table)}))`
    : untouched
  const joinBefore = facts.repeats
    ? sql`left join (${precedingRows(rows.table, found)}) p on p._seq = a._seq`
    : sql.blank
  const joinChanges =
    changed === undefined
      ? sql.blank
      : sql`left join ${changed} c on c.resource_id = coalesce(a._resource_id, f.resource_id)`
  const gone = facts.attached ? sql`(a._resource_id is not null and o.resource_id is null)` : sql.false
  const joinResources = facts.attached
    ? sql`left join ${shape.resources} o on o.resource_id = a._resource_id`
    : sql.blank
  // Rows that had their resource before have found none now.
  const refused = sql`(b.code is not null or coalesce(f.outcome = 'error', false))`
  // What could not be found is not held against its values; one that is none may be why.
  const explained = sql`(f.code = 'no_match' and coalesce(b.code, '') = 'invalid_value')`
  const unfound = sql`(f.outcome = 'error' and not f.creates and not ${explained})`
  const before = sql`a._status = 'new'`
  const queued = hasQueue(shape)
  const doubt = queued ? sql` || coalesce(f.doubt, '{}')` : sql.blank
  const waiting = queued
    ? sql` when ${unfound} and f.code = 'doubtful_match' then 'doubtful' when ${unfound} and f.code = 'ignored' then 'ignored'`
    : sql.blank
  return statement(
    `replicas/leave-applied ${shape.mapping.name}`,
    sql`select 'write' as operation, a._key as key, a._revision as revision,
      case when f.outcome = 'error' or (f.outcome = 'create' and b.code is not null) then a._resource_id else coalesce(a._resource_id, f.resource_id) end as resource_id,
      case when ${gone} then 'orphan' when ${refused} then case when ${before} then 'new' else 'modified' end else 'synchronized' end as status,
      a._creator or coalesce(f.outcome = 'create' and b.code is null, false)${passedOn(shape, missing.table)} as creator,
      a._resource_id is null and coalesce(f.outcome <> 'error', false) as attached, not ${gone} and not ${refused} as changed,
      case when ${gone} then jsonb_build_object('code', 'resource_gone', 'text', 'the resource is not there any more')
        when ${unfound} then jsonb_build_object('code', f.code, 'text', f.text)${doubt}
        when b.code is not null then jsonb_build_object('code', b.code, 'text', b.text)
        when f.outcome = 'error' then jsonb_build_object('code', f.code, 'text', f.text)${doubt} end as error,
      case when ${gone} or ${refused} then null else w.warnings end as warnings,
      case when f.rule is not null then ${matchOf(shape)} end as matched,
      case
        when ${gone} then 'update_error'${waiting}
        when ${refused} then case when a._resource_id is null and f.creates then 'creation_error' when ${before} then 'reconciliation_error' else 'update_error' end
        when f.outcome = 'create' then 'created'
        when ${before} then case when ${same} then 'matched_unchanged' else 'matched_updated' end
        when ${same} then 'unchanged' else 'updated' end as outcome,
      a._status as was, case when a._digest is not null then a._seq end as seq, a._digest as digest
    from ${rows.table} a
    left join ${found} f on f._seq = a._seq
    ${faultOf(faults, facts)} ${warningsOf(faults, facts)} ${joinResources} ${joinBefore} ${joinChanges}`,
  )
}

/** Alternative: the row takes over from one that has disappeared, whose right to delete it inherits. */
function passedOn({ federation }: SharedShape, missing: Table): SQL {
  if (federation.reconciliation.onRekey !== 'update') return sql.blank
  return sql` or coalesce(f.outcome = 'attach' and b.code is null and f.resource_id in (select g.resource_id from ${missing} g where g.action = 'pass_on' and g.creator), false)`
}

/** Join: the first thing, `b`, for which the row `a` could not be applied. */
function faultOf(faults: Table, { faulty }: Facts): SQL {
  return faulty
    ? sql`left join (select distinct on (_seq) _seq, code, text from ${faults} where not warning order by _seq, code) b on b._seq = a._seq`
    : sql`cross join (select null::text as code, null::text as text) b`
}

/** Join: what was left out of the row `a`, `w`. */
function warningsOf(faults: Table, { warned }: Facts): SQL {
  return warned
    ? sql`left join (select _seq, jsonb_agg(jsonb_build_object('code', code, 'text', text)) as warnings from ${faults} where warning group by _seq) w on w._seq = a._seq`
    : sql`cross join (select null::jsonb as warnings) w`
}

/** Alternative: nothing of the resource of the change `c` is changed but what the delete policy writes, for another row that has disappeared. */
function onlyMarked({ type, resources, federation }: SharedShape, missing: Table): SQL {
  const written = federation.deletePolicy.update
  if (written.size === 0) return sql.blank
  const others = type.properties.filter(({ name }) => !written.has(name))
  const differs = columnNames({ properties: others }).map(
    (name) => sql`${columnOfRow(sql`c`, name)} is distinct from ${columnOfRow(sql`z`, name)}`,
  )
  return sql` or (c._operation = 'update' and c.resource_id in (select g.resource_id from ${missing} g where g.action = 'mark')
      and exists (select from ${resources} z where z.resource_id = c.resource_id and not ${anyOf(differs)}))`
}

/** How the row `f` found its resource. Put into a document that is there for each rule: to build one for every row takes three times as long. */
function matchOf(shape: SharedShape): SQL {
  const cases = searchRulesOf(shape).map((rule) => {
    const normalized = rule.keys.flatMap(({ key }) =>
      key.normalize.length === 0 ? [] : [[key.property, key.normalize] as const],
    )
    const document = JSON.stringify({
      rule: rule.number,
      values: null,
      ...(normalized.length === 0 ? {} : { normalized: Object.fromEntries(normalized) }),
    })
    return sql`when ${sql.literal(rule.number)} then jsonb_set(${sql.literal(document)}::jsonb, '{values}', ${valuesOfRule(rule, sql`f`)})`
  })
  const byKey = sql`jsonb_build_object('rule', f.rule, 'values', null)`
  return cases.length === 0 ? byKey : sql`case f.rule ${sql.join(cases, ' ')} else ${byKey} end`
}

/** The row `a` says nothing else than the one before it that stands for the same resource: `p`. */
function repeated({ properties, linkSets }: SharedShape, rows: Table): SQL {
  const columns = [
    ...properties.filter(({ update }) => update).flatMap(({ asserted }) => asserted),
    ...linkSets.map(({ column }) => column),
  ]
  const same = columns.map((name) => {
    const text = columnOfRow(sql`a`, name)
    return sql`(${text} is null or ${text} is not distinct from ${columnOfRow(sql`b`, name)})`
  })
  return sql`exists (select from ${rows} b where b._seq = p._before${same.length === 0 ? sql.blank : sql` and ${sql.join(same, ' and ')}`})`
}

/** (_seq, _before) of rows before which the run applies another one to the same resource. */
function precedingRows(rows: Table, found: Table): SQL {
  return sql`select x._seq, x._before from (
    select r._seq, lag(r._seq) over (partition by coalesce(r._resource_id, f.resource_id) order by r._seq) as _before
    from ${rows} r left join ${found} f on f._seq = r._seq and f.outcome <> 'error'
    where coalesce(r._resource_id, f.resource_id) is not null) x where x._before is not null`
}

function disappeared(part: SharedPart, { missing }: OwnReplicas, table: Table): Statement {
  const { shape } = part
  const unlinked =
    part.acted === true
      ? sql` when 'detach' then jsonb_build_object('code', 'unlinked', 'text', ${whoUnlinked(part, sql`g.key`)})`
      : sql.blank
  // A row that could not be marked is as it was: what was left out of it is tried again when it comes back.
  const stillLeftOut = sql`case when g.action in ('unattached', 'locked', 'gone') then (select r.warnings from ${shape.replicas} r where r.key = g.key) end`
  const error = (code: string, text: string) =>
    sql`jsonb_build_object('code', ${sql.literal(code)}, 'text', ${sql.literal(text)})`
  return statement(
    `replicas/leave-disappeared ${shape.mapping.name}`,
    sql`${insertInto(table)}
    select case when g.action in ('delete', 'release', 'pass_on') then 'delete' when g.action in ('unlink', 'detach', 'renew') then 'unlink' else 'write' end, g.key, g.revision, g.resource_id,
      case when g.action in ('mark', 'refuse') then 'obsolete' else g.status end, g.creator, false, false,
      case g.action
        when 'refuse' then ${error('delete_refused', 'another resource requires this one')}
        when 'unattached' then ${error('never_attached', 'it never found a resource that could be marked')}
        when 'locked' then ${error('locked', 'another source locks what would be written')}
        when 'gone' then ${error('resource_gone', 'the resource is not there any more')}
        when 'unlink' then ${error('doubtful_match', 'the decision was taken back by which it had its resource')}${unlinked} end,
      ${stillLeftOut}, null,
      case g.action when 'delete' then 'deleted' when 'release' then 'no_action' when 'pass_on' then 'no_action' when 'mark' then 'obsoleted'
        when 'refuse' then 'deletion_error' when 'unlink' then 'doubtful' when 'detach' then 'no_action' when 'renew' then 'no_action' else 'obsolescence_error' end
    from ${missing.table} g`,
  )
}

/** Every replica of a resource that is deleted goes with it; one that stays inherits the right to delete from one that is let go. */
function consequences(
  part: SharedPart,
  owner: SharedShape,
  { missing }: OwnReplicas,
  table: Table,
): readonly Statement[] {
  const { shape } = part
  const known =
    owner.sourceId === part.sourceId
      ? sql` and not exists (select from ${missing.table} x where x.seq = r.seq)`
      : sql.blank
  const heirs = sql`select distinct on (x.resource_id) x.* from (${sql.join(
    part.owners.map((each, index) => {
      const stays =
        each.sourceId === part.sourceId
          ? sql` and not exists (select from ${missing.table} x where x.seq = r.seq)`
          : sql.blank
      return sql`select ${sql.literal(index)}::int as source, r.key, r.revision, r.resource_id, r.attached_run, r.seq from ${each.replicas} r
        where r.status <> 'obsolete' and r.resource_id in (select resource_id from ${missing.table} where action in ('release', 'detach', 'renew') and creator)${stays}`
    }),
    ' union all ',
  )}) x order by x.resource_id, x.attached_run, x.source, x.seq`
  const own = part.owners.indexOf(owner)
  return [
    statement(
      `replicas/leave-deleted ${shape.mapping.name}`,
      sql`${insertInto(table)} select 'delete', r.key, r.revision, r.resource_id, null, null, false, false, null, null, null, null
      from ${owner.replicas} r where r.resource_id in (select resource_id from ${missing.table} where action = 'delete')${known}`,
    ),
    statement(
      `replicas/leave-heirs ${shape.mapping.name}`,
      sql`${insertInto(table)} select 'inherit', h.key, h.revision, h.resource_id, null, true, false, false, null, null, null, null
      from (${heirs}) h where h.source = ${sql.literal(own)}`,
    ),
  ]
}
