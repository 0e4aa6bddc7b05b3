/**
 * Links of rows that could not be read, or that were rejected: what the source said of them before stands, as if it had
 * been said again.
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

type End = 'from' | 'to'

/** Which links: `mentioned` is a SQL condition on what two expressions call the ends. */
interface Unread {
  readonly mentioned: (from: string, to: string) => string
  /** SQL query of what the rows may call an end. */
  readonly values: (end: End) => string
}

/** Of rows that prepare could not read: each of their fields may name an end; returns how many links stay. */
export async function keepUnreadLinks(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  desired: DesiredLinks,
  unreadable: string,
): Promise<number> {
  const fields = `select field from ${unreadable} where mapping = ${literal(shape.mapping.name)}`
  return await keepLinks(work, tables, shape, desired, {
    mentioned: (from, to) => `${from} in (${fields}) and ${to} in (${fields})`,
    values: () => fields,
  })
}

/** Of rows with a value that the link cannot hold: of an end that has one link, whatever that pointed to. */
export async function keepRejectedLinks(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  desired: DesiredLinks,
): Promise<void> {
  const single = singleEnd(shape.association)
  const bad = (ends: string) => `exists (select from ${desired.table} b where b._bad and ${ends})`
  await keepLinks(work, tables, shape, desired, {
    mentioned: (from, to) =>
      bad(
        single === undefined
          ? `b._from_value = ${from} and b._to_value = ${to}`
          : `b._${single}_value = ${{ from, to }[single]}`,
      ),
    values: (end) => `select _${end}_value from ${desired.table} where _bad`,
  })
}

/** Adds them to the desired links, where no readable row speaks of them; returns how many. */
async function keepLinks(
  work: Work,
  tables: ChangeTables,
  shape: LinkShape,
  desired: DesiredLinks,
  unread: Unread,
): Promise<number> {
  const { session, source, sourceId } = work
  const { association, mapping } = shape
  const filled = { source, sourceId, mapping, association }
  const kept = await createAffected(work, association)
  await collectStored(work, filled, kept, unread.mentioned('f.value', 't.value'))
  await collectWaiting(work, filled, kept, unread.mentioned('w.from_value', 'w.to_value'))

  const columns = linkColumns(association).map(({ name }) => identifier(name))
  const of = (row: string) => columns.map((column) => `, ${row}.${column}`).join('')
  const into = `insert into ${desired.table} (_from_value, _to_value, _bad, from_id, to_id${columns.map((column) => `, ${column}`).join('')})`
  const lookup = (end: End, values: string) =>
    becomingLookup(work, tables, association[end], mapping[end].by, values)
  const named = (end: End) => lookup(end, `select _${end}_value from ${kept}`)
  const renamed = (end: End) => lookup(end, unread.values(end))
  const single = singleEnd(association)
  // A readable row about the same end says where its one link goes.
  const speaksOf = (pair: string, end: (single: End) => string) =>
    `select from ${desired.table} d where not d._bad and (${pair}${single === undefined ? '' : ` or ${end(single)}`})`
  const ofNames = speaksOf(
    'd._from_value = a._from_value and d._to_value = a._to_value',
    (end) => `d._${end}_value = a._${end}_value`,
  )
  const said = await session.query(`${into}
    select ${single === undefined ? '' : `distinct on (a._${single}_value)`} a._from_value, a._to_value, false, f.resource_id, t.resource_id${of('a')}
    from ${kept} a left join ${named('from')} f on f.value = a._from_value left join ${named('to')} t on t.value = a._to_value
    where not exists (${ofNames})${single === undefined ? '' : ` order by a._${single}_value, a.from_id`}`)
  // The source may call an end by the name that it has only now.
  const ofLink = speaksOf('d.from_id = l.from_id and d.to_id = l.to_id', (end) => `d.${end}_id = l.${end}_id`)
  const saidAnew = await session.query(`${into}
    select f.value, t.value, false, l.from_id, l.to_id${of('l')} from ${tableOf(association.name)} l
    join ${renamed('from')} f on f.resource_id = l.from_id join ${renamed('to')} t on t.resource_id = l.to_id
    where l.source_id = ${sourceId} and ${unread.mentioned('f.value', 't.value')} and not exists (${ofLink})`)
  await dropWorkTables(work, [kept])
  return said.count + saidAnew.count
}
