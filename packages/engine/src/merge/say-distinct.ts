/**
 * What people say of resources that look like one and are not.
 *
 * @module
 */
import { type Distinct, type RunBy, storableText } from '@sluice/model'
import { run, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { NotMergeableError } from '../edit/edit-errors.ts'
import { type FindingContext, findNamed } from '../edit/find-named.ts'
import { describeName, typeNamed } from '../edit/read-edits.ts'

/** Every pair of them; how many pairs were not said to be before. */
export async function sayDistinct(
  context: FindingContext,
  { type, resources, reason }: Distinct,
  by: RunBy,
): Promise<number> {
  const { entityType, ids } = await found(context, { type, resources })
  const say = sayPairs(entityType, ids, { by, reason: reason === undefined ? null : storableText(reason) })
  return (await run(context.session, say)).count
}

/** Takes that back; how many pairs were said to be. */
export async function takeBackDistinct(
  context: FindingContext,
  of: Pick<Distinct, 'type' | 'resources'>,
): Promise<number> {
  const { ids } = await found(context, of)
  return (await run(context.session, forgetPairs(ids))).count
}

async function found(
  context: FindingContext,
  { type, resources }: Pick<Distinct, 'type' | 'resources'>,
): Promise<{ readonly entityType: string; readonly ids: readonly string[] }> {
  const of = typeNamed(context.model, type, 0)
  const named = resources.map((name) => ({ edit: 0, type: of, name }))
  const find = await findNamed(context, named, [])
  const all = named.map((one) => find(one))
  const [first] = all
  if (first === undefined) throw new Error('Nothing is named.')
  const ids = all.map(({ resourceId }) => resourceId)
  const subject = { edit: 0, name: `${type} ${describeName(resources[0] ?? '')}` }
  const twice = ids.find((id, n) => ids.indexOf(id) !== n)
  if (twice !== undefined) throw new NotMergeableError(subject, `#${twice} is named twice`)
  return { entityType: first.entityType, ids }
}

function pairsOf(ids: readonly string[]): SQL {
  const all = sql`unnest(${sql.value(`{${ids.join(',')}}`)}::bigint[])`
  return sql`select a.id as low_id, b.id as high_id from ${all} a(id) join ${all} b(id) on a.id < b.id`
}

function sayPairs(
  entityType: string,
  ids: readonly string[],
  { by, reason }: { readonly by: RunBy; readonly reason: string | null },
): Statement {
  return statement(
    'merge/say-distinct',
    sql`insert into sluice_distinct (low_id, high_id, entity_type, by_kind, by_name, reason)
    select p.low_id, p.high_id, ${sql.literal(entityType)}, ${sql.value(by.kind)}, ${sql.value(by.name)}, ${sql.value(reason)} from (${pairsOf(ids)}) p
    on conflict do nothing`,
  )
}

function forgetPairs(ids: readonly string[]): Statement {
  return statement(
    'merge/forget-distinct',
    sql`delete from sluice_distinct d using (${pairsOf(ids)}) p where d.low_id = p.low_id and d.high_id = p.high_id`,
  )
}
