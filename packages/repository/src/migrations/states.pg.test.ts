import {
  checkStates,
  deliveryLife,
  deliveryStates,
  executionStates,
  matchStates,
  notificationStates,
  orderLife,
  orderStates,
  recordedRunStates,
  startStates,
} from '@sluice/model'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/databases.ts'
import { migrate } from './migrate.ts'

/** The texts that PostgreSQL has kept of a condition: `(state = ANY (ARRAY['announced'::text, …]))`. */
function quoted(condition: string | undefined): readonly string[] {
  return [...(condition ?? '').matchAll(/'(\w+)'/g)].map(([, word = '']) => word).sort()
}

test('the tables know the states of the model, and the index of open deliveries its open ones', async () => {
  await using database = await openTestDatabase('postgres-18')
  await migrate(database)
  const { rows } = await database.session((session) =>
    session.query<{ name: string; condition: string }>(
      `select conname as name, pg_get_constraintdef(oid) as condition from pg_constraint
       where connamespace = current_schema()::regnamespace and conname like 'sluice_%_state_check'
       union all
       select 'index', pg_get_expr(indpred, indrelid) from pg_index where indexrelid = 'sluice_delivery_waiting'::regclass
       union all
       select 'sluice_order_standing', pg_get_expr(indpred, indrelid) from pg_index where indexrelid = 'sluice_order_standing'::regclass`,
    ),
  )
  const conditions = new Map(rows.map(({ name, condition }) => [name, quoted(condition)]))
  expect(conditions.get('sluice_delivery_state_check')).toEqual([...deliveryStates].sort())
  expect(conditions.get('sluice_run_state_check')).toEqual([...recordedRunStates].sort())
  expect(conditions.get('sluice_notification_state_check')).toEqual([...notificationStates].sort())
  expect(conditions.get('sluice_order_state_check')).toEqual([...orderStates].sort())
  expect(conditions.get('sluice_match_state_check')).toEqual([...matchStates].sort())
  expect(conditions.get('sluice_job_execution_state_check')).toEqual([...executionStates].sort())
  expect(conditions.get('sluice_job_start_state_check')).toEqual([...startStates].sort())
  expect(conditions.get('sluice_system_check_state_check')).toEqual([...checkStates].sort())
  expect(conditions.get('sluice_preview_state_check')).toEqual([...checkStates].sort())
  expect(conditions.get('sluice_order_standing')).toEqual([...orderLife.open].sort())
  expect(conditions.get('index')).toEqual([...deliveryLife.open].sort())
})
