/**
 * Finds what was ordered and not carried out in its time, where no run of the source has come to find it.
 *
 * By the clock of the database; what another server looks at this moment is left to it.
 *
 * @module
 */
import { type Configuration, orderLife } from '@sluice/model'
import { type Database, run, type Statement, sql, statement } from '@sluice/repository'
import { tellOverdue } from '../write/tell-overdue.ts'

type Context = Pick<Configuration, 'sources' | 'notifications'>

export interface OverdueChange {
  readonly source: string
  readonly change: 'overdue'
}

export async function checkOrders(
  database: Database,
  configuration: Context,
): Promise<readonly OverdueChange[]> {
  return await database.transaction(async (session) => {
    const { rows } = await run(session, markMissed)
    for (const { source } of rows)
      await tellOverdue(session, configuration, source, { run: null, link: null })
    return rows.map(({ source }) => ({ source, change: 'overdue' as const }))
  })
}

const waiting = sql.join(
  orderLife.statesThatTake('missed').map((state) => sql.literal(state)),
  ', ',
)

const markMissed: Statement<{ source: string }> = statement(
  'notify/mark-missed-orders',
  sql`with due as (
    select o.position from sluice_order o where o.state in (${waiting}) and o.due_at < clock_timestamp()
    for update skip locked
  ), missed as (
    update sluice_order o set state = ${sql.literal(orderLife.destinationOf('missed'))}, state_since = clock_timestamp(), state_run = null
    from due where o.position = due.position
    returning o.source_id
  )
  select distinct s.name as source from missed join sluice_source s using (source_id) order by s.name`,
)
