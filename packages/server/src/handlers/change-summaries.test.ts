import type { ChangedProperty, RunReport } from '@sluice/model'
import { expect, test } from 'vitest'
import { configurationIn, yaml } from '../../test/server-harness.ts'
import { changeSummaries } from './change-summaries.ts'

const part = {
  source: 'hr',
  mapping: 'Person',
  rows: null,
  changes: { inserted: 1, updated: 3, deleted: 0 },
  stored: 10,
  withheld: 0,
  stillRejected: 0,
  orphanReferences: 0,
}

function report(of: Partial<RunReport>): RunReport {
  return {
    run: 1,
    cause: 'delivery',
    by: { kind: 'token', name: 'a' },
    delivery: null,
    source: 'hr',
    mode: 'complete',
    state: 'applied',
    startedAt: '',
    finishedAt: '',
    entities: [part, { ...part, source: 'ad', mapping: 'Account', changes: { ...part.changes, updated: 0 } }],
    associations: [],
    exceeded: [],
    drift: null,
    decision: null,
    replacedBy: null,
    stages: [],
    notes: [],
    error: null,
    ...of,
  }
}

const changed: readonly ChangedProperty[] = [
  { kind: 'entity', type: 'Person', property: 'name', changes: 1 },
  { kind: 'entity', type: 'Person', property: 'number', changes: 3 },
]

test('a summary has the counts of the report, and of the updates which properties they change most', async () => {
  const summaries = changeSummaries(configurationIn('/', yaml))
  expect(await summaries.of(report({}), async () => changed)).toEqual([
    {
      kind: 'entity',
      type: 'Person',
      stored: 10,
      inserted: 1,
      updated: 3,
      deleted: 0,
      properties: [
        { property: 'number', changes: 3 },
        { property: 'name', changes: 1 },
      ],
    },
    { kind: 'entity', type: 'Account', stored: 10, inserted: 1, updated: 0, deleted: 0, properties: [] },
  ])
})

test('a run is counted once as it is held, once as it is decided, and each time while it is at work', async () => {
  const summaries = changeSummaries(configurationIn('/', yaml))
  let counted = 0
  const count = async () => {
    counted += 1
    return changed
  }
  for (const state of ['running', 'running', 'held', 'held', 'applied', 'applied'] as const)
    await summaries.of(report({ state }), count)
  expect(counted).toBe(4)
})
