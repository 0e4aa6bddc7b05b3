import { run, type Session, sql, statement } from '@sluice/repository'

/** The number of a source in the database; `undefined`: it is not there yet. */
export async function readSourceId(session: Session, source: string): Promise<number | undefined> {
  const found = statement<{ id: number }>(
    'graph/source-id',
    sql`select source_id as id from sluice_source where name = ${sql.value(source)}`,
  )
  return (await run(session, found)).rows[0]?.id
}
