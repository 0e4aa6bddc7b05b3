/**
 * Fills an empty table before its indexes are built: one sort instead of a million insertions.
 *
 * @module
 */
import {
  compiled,
  identifier,
  run,
  type Session,
  type Statement,
  sql,
  statement,
  Table,
} from '@sluice/repository'
import { unlessLocked } from './unless-locked.ts'

/** Below this many rows the detour costs more than it saves. */
const worthwhile = 50_000

/**
 * Runs `fill` on `table` with its indexes and keys taken away, and builds them again. Only
 * for a table that is empty and that the transaction may lock; where somebody reads it, they stay. Returns how many rows it wrote.
 */
export async function withoutIndexes(
  session: Session,
  table: Table,
  rows: number,
  fill: Statement,
): Promise<number> {
  if (rows < worthwhile || !(await isOurs(session, table))) return (await run(session, fill)).count
  const constraints = (await run(session, constraintsOf(table))).rows
  const indexes = (await run(session, indexesOf(table))).rows
  for (const { name } of constraints) await run(session, dropConstraint(table, name))
  for (const { name } of indexes) {
    await run(session, statement('context/drop-index', sql`drop index ${new Table(name)}`))
  }
  const { count } = await run(session, fill)
  // The definitions are PostgreSQL's own texts.
  for (const { name, definition } of constraints) {
    await session.execute(`${compiled(addConstraint(table, name)).text} ${definition}`)
  }
  for (const { definition } of indexes) await session.execute(`/* context/create-index */ ${definition}`)
  return count
}

async function isOurs(session: Session, table: Table): Promise<boolean> {
  return await unlessLocked(session, async () => {
    await run(session, statement('context/lock', sql`lock table ${table} in access exclusive mode`))
  })
}

type Definition = { readonly name: string; readonly definition: string }

function constraintsOf(table: Table): Statement<Definition> {
  return statement(
    'context/find-constraints',
    sql`select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = ${sql.value(identifier(table.name))}::regclass and contype in ('p', 'u')`,
  )
}

function indexesOf(table: Table): Statement<Definition> {
  return statement(
    'context/find-indexes',
    sql`select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = ${sql.value(identifier(table.name))}::regclass
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
  )
}

function dropConstraint(table: Table, name: string): Statement {
  return statement(
    'context/drop-constraint',
    sql`alter table ${table} drop constraint ${sql.identifier(name)}`,
  )
}

/** Without its definition. */
function addConstraint(table: Table, name: string): Statement {
  return statement('context/add-constraint', sql`alter table ${table} add constraint ${sql.identifier(name)}`)
}
