/**
 * Links whose row could not be read: what the source said of them before stands, as if it had been said again.
 *
 * So they follow the same rule as all others: one that has lost an end waits for it, and one that waited is made when
 * its ends are there.
 *
 * @module
 */
import { identifier, linkColumns, literal } from '@sluice/repository'
import type { ChangeTables } from '../terms/change-tables.ts'
import { type LinkShape, singleEnd } from '../terms/link-shape.ts'
import { becomingLookup } from '../terms/lookups.ts'
import { tableOf, type Work } from '../terms/work.ts'
import { dropWorkTables } from '../terms/work-tables.ts'
import type { DesiredLinks } from './link-changes.ts'
import { collectStored, collectWaiting, createAffected } from './links-elsewhere.ts'

/** Adds them to the desired links, where no readable row speaks of them; returns how many. */
export async function keepUnreadLinks(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  desired: DesiredLinks,
  unreadable: string,
): Promise<number> {
  const { session, source, sourceId } = work
  const { association, mapping } = shape
  const filled = { source, sourceId, mapping, association }
  const fields = `select field from ${unreadable} where mapping = ${literal(mapping.name)}`
  const kept = await createAffected(work, association)
  await collectStored(work, filled, kept, `f.value in (${fields}) and t.value in (${fields})`)
  await collectWaiting(work, filled, kept, `w.from_value in (${fields}) and w.to_value in (${fields})`)

  const columns = linkColumns(association).map(({ name }) => identifier(name))
  const of = (row: string) => columns.map((column) => `, ${row}.${column}`).join('')
  const into = `insert into ${desired.table} (from_value, to_value, bad, from_id, to_id${columns.map((column) => `, ${column}`).join('')})`
  const lookup = (end: 'from' | 'to') =>
    becomingLookup(work, tables, association[end], mapping[end].by, fields)
  const single = singleEnd(association)
  // A readable row about the same end says where its one link goes.
  const speaksOf = (pair: string, end: (single: 'from' | 'to') => string) =>
    `select from ${desired.table} d where ${pair}${single === undefined ? '' : ` or ${end(single)}`}`
  const ofNames = speaksOf(
    'd.from_value = a.from_value and d.to_value = a.to_value',
    (end) => `d.${end}_value = a.${end}_value`,
  )
  const named = await session.query(`${into}
    select ${single === undefined ? '' : `distinct on (a.${single}_value)`} a.from_value, a.to_value, false, f.resource_id, t.resource_id${of('a')}
    from ${kept} a left join ${lookup('from')} f on f.value = a.from_value left join ${lookup('to')} t on t.value = a.to_value
    where not exists (${ofNames})${single === undefined ? '' : ` order by a.${single}_value, a.from_id`}`)
  // The source may call an end by the name that it has only now.
  const ofLink = speaksOf('d.from_id = l.from_id and d.to_id = l.to_id', (end) => `d.${end}_id = l.${end}_id`)
  const renamed = await session.query(`${into}
    select f.value, t.value, false, l.from_id, l.to_id${of('l')} from ${tableOf(association.name)} l
    join ${lookup('from')} f on f.resource_id = l.from_id join ${lookup('to')} t on t.resource_id = l.to_id
    where l.source_id = ${sourceId} and not exists (${ofLink})`)
  await dropWorkTables(work, [kept])
  return named.count + renamed.count
}
