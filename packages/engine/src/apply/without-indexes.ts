/**
 * Fills an empty table before its indexes are built: one sort instead of a million insertions.
 *
 * @module
 */
import { identifier, literal, type Session } from '@sluice/repository'

/** Below this many rows the detour costs more than it saves. */
const worthwhile = 50_000

/**
 * Runs `fill` on `table` (unquoted) with its indexes and keys taken away, and builds them again. Only
 * for a table that is empty and that the transaction may lock.
 */
export async function withoutIndexes(
  session: Session,
  table: string,
  rows: number,
  fill: () => Promise<void>,
): Promise<void> {
  if (rows < worthwhile) {
    await fill()
    return
  }
  const { rows: constraints } = await session.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = ${literal(identifier(table))}::regclass and contype in ('p', 'u')`,
  )
  const { rows: indexes } = await session.query<{ name: string; definition: string }>(
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = ${literal(identifier(table))}::regclass
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
  )
  const quoted = identifier(table)
  for (const { name } of constraints)
    await session.execute(`alter table ${quoted} drop constraint ${identifier(name)}`)
  for (const { name } of indexes) await session.execute(`drop index ${identifier(name)}`)
  await fill()
  for (const { name, definition } of constraints) {
    await session.execute(`alter table ${quoted} add constraint ${identifier(name)} ${definition}`)
  }
  for (const { definition } of indexes) await session.execute(definition)
}
