/**
 * What has another key now: a new row finds by the rules the resource of a row that has disappeared in the same run. Where the source says so
 * (`onRekey: update`), the resource is passed on to it, and keeps its id, its history and what others say of it.
 *
 * @module
 */
import { exists, run, type Statement, sql, statement, type Table } from '@sluice/repository'
import { noEntityChanges } from '../changes/entity-changes.ts'
import type { Missing } from './find-missing.ts'
import { matchesOf, type Seeking, search } from './find-resources.ts'
import type { SharedPart } from './shared-part.ts'

/** Where alone one sound row finds alone one resource that its row leaves; in doubt nothing is passed on. */
export async function keepRekeyed(
  part: SharedPart,
  of: Pick<Seeking, 'rows' | 'faults'>,
  { table: missing, count }: Missing,
): Promise<void> {
  const { session, workTables, shape } = part
  const { rules, onRekey } = shape.federation.reconciliation
  if (onRekey !== 'update' || rules.length === 0 || count === 0) return
  if (part.acted === true || !(await exists(session, anyLeft(part, missing)))) return
  const about = `${shape.mapping.name}_rekeyed`
  const searches = await search(part, of, about)
  const matches = await workTables.fill(
    workTables.named('matches', about),
    matchesOf(part, searches, noEntityChanges),
  )
  await run(session, passOn(part, { missing, searches: searches.table, matches: matches.table }))
  await workTables.drop([searches.table, matches.table])
}

/** Alone, or by what others say of it, too. */
const leaves = sql`g.action in ('delete', 'release') and g.resource_id is not null`

function anyLeft({ shape }: SharedPart, missing: Table): Statement {
  return statement(`replicas/any-left ${shape.mapping.name}`, sql`select from ${missing} g where ${leaves}`)
}

function passOn(
  { shape }: SharedPart,
  {
    missing,
    searches,
    matches,
  }: { readonly missing: Table; readonly searches: Table; readonly matches: Table },
): Statement {
  return statement(
    `replicas/pass-on ${shape.mapping.name}`,
    sql`with found as (select distinct on (m._seq) m._seq, m.resource_id, m.count from ${matches} m where m.count > 0 order by m._seq, m.rule),
      alone as (select f.resource_id from found f join ${searches} a on a._seq = f._seq
        where f.count = 1 and a.sound and a.lacks is null group by f.resource_id having count(*) = 1)
    update ${missing} g set action = 'pass_on' from alone x where x.resource_id = g.resource_id and ${leaves}
      and not exists (select from ${missing} y where y.resource_id = g.resource_id and y.seq <> g.seq)`,
  )
}
