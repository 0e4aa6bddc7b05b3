/**
 * Lets a role of the database fill the tables of an open source, and nothing else.
 *
 * What the engine knows of the rows beside them is kept by triggers that work with the rights of their owner, so the role needs none there.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { exists, run } from '../database/run-statement.ts'
import { readSharedTables, type SharedTable } from '../read/read-replicas.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, sql, statement, Table } from '../sql/statement.ts'

/** SLUICE-REPOSITORY-25: the database does not have the role that gets or loses rights. */
export class UnknownRoleError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-25'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(role: string) {
    super(`The database has no role ${role}.`, { remedy: `Make it in psql: create role "${role}" login` })
  }
}

/** To read, insert, update and delete rows. */
export async function grantSource(
  database: Database,
  source: string,
  role: string,
): Promise<readonly SharedTable[]> {
  return await change(database, source, role, async (session, tables) => {
    const to = sql.identifier(role)
    const schema = sql.identifier(database.schema)
    await run(session, statement('grant/schema', sql`grant usage on schema ${schema} to ${to}`))
    await run(
      session,
      statement('grant/tables', sql`grant select, insert, update, delete on ${namesOf(tables)} to ${to}`),
    )
  })
}

/** All rights to the tables; and to the schema, where the role has none to anything else in it. */
export async function revokeSource(
  database: Database,
  source: string,
  role: string,
): Promise<readonly SharedTable[]> {
  return await change(database, source, role, async (session, tables) => {
    const from = sql.identifier(role)
    await run(session, statement('revoke/tables', sql`revoke all on ${namesOf(tables)} from ${from}`))
    if (await exists(session, anyOther(database.schema, role))) return
    const schema = sql.identifier(database.schema)
    await run(session, statement('revoke/schema', sql`revoke usage on schema ${schema} from ${from}`))
  })
}

async function change(
  database: Database,
  source: string,
  role: string,
  work: (session: Session, tables: readonly SharedTable[]) => Promise<void>,
): Promise<readonly SharedTable[]> {
  const tables = await readSharedTables(database, source)
  await database.transaction(async (session) => {
    const known = statement('grant/role', sql`select from pg_roles where rolname = ${sql.value(role)}`)
    if (!(await exists(session, known))) throw new UnknownRoleError(role)
    await work(session, tables)
  })
  await database.checkpoint()
  return tables
}

function namesOf(tables: readonly SharedTable[]): SQL {
  return commas(tables.map(({ table }) => sql`${new Table(table)}`))
}

function anyOther(schema: string, role: string) {
  return statement(
    'grant/any-other',
    sql`select from pg_class c cross join lateral aclexplode(c.relacl) a
      where c.relnamespace = (select oid from pg_namespace where nspname = ${sql.value(schema)})
      and a.grantee = (select oid from pg_roles where rolname = ${sql.value(role)})`,
  )
}
