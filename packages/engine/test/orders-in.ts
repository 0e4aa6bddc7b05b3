/**
 * Orders as tests read and state them.
 *
 * @module
 */
import type { OrderRecord, RunBy } from '../../model/src/index.ts'
import type { EngineHarness } from './engine-harness.ts'

export const orderedBy: RunBy = { kind: 'person', name: 'eve' }

export async function allOrders(harness: EngineHarness, query = {}): Promise<readonly OrderRecord[]> {
  const found: OrderRecord[] = []
  for await (const record of harness.repository.orders(query)) found.push(record)
  return found
}
