import { describe, expect, test } from 'vitest'
import { healthOf, type SourceState } from './source-health.ts'

const at = '2026-12-01T08:00:00.000Z'
const hour = 3_600_000
const hr = { name: 'hr', mode: 'auto' } as const

const well: SourceState = {
  name: 'hr',
  lastRun: {
    run: 7,
    mode: 'complete',
    state: 'applied',
    startedAt: '2026-12-01T02:00:00.000Z',
    finishedAt: '2026-12-01T02:00:09.000Z',
    error: null,
  },
  lastError: null,
  lastApplied: { run: 7, finishedAt: '2026-12-01T02:00:09.000Z', age: 6 * hour },
  failures: 0,
  heldRun: null,
  appliedDelivery: '00000000-0000-4000-8000-000000000000',
  queue: { announced: 0, ready: 0, held: 0, aside: 0 },
  asideDelivery: null,
  rejected: 0,
  faulty: 0,
  orphans: 0,
  doubtful: 0,
  failedRoots: 0,
  suspension: null,
  resumedAt: null,
}
const failed = { code: 'SLUICE-EXPORT-05', message: 'The program ended with 1.' }

function attention(state: Partial<SourceState>, settings: { readonly expected?: number } = {}) {
  return healthOf({ ...hr, ...settings }, { ...well, ...state }, at).attention
}

describe('a source needs', () => {
  test('nobody where its last run was applied and nothing is left out', () => {
    expect(attention({})).toEqual([])
  })

  test('its first run where the repository does not know it, by a command that fits its kind', () => {
    expect(healthOf(hr, undefined, at).attention).toMatchObject([
      { kind: 'never ran', command: 'sluice sync hr' },
    ])
    expect(healthOf({ ...hr, table: true }, undefined, at)).toMatchObject({
      kind: 'open',
      mode: null,
      attention: [{ command: 'sluice synchronize hr' }],
    })
  })

  test('the worst first, each with its command', () => {
    const all = attention({
      heldRun: 8,
      asideDelivery: '00000000-0000-4000-8000-000000000001',
      rejected: 2,
      faulty: 4,
      orphans: 1,
      doubtful: 3,
      failedRoots: 1,
    })
    expect(all.map(({ kind, command }) => [kind, command])).toEqual([
      ['held', 'sluice runs show 8'],
      ['put aside', 'sluice deliveries show 00000000-0000-4000-8000-000000000001'],
      ['doubtful', 'sluice matches hr'],
      ['failed roots', 'sluice roots hr --failed'],
      ['rejected', 'sluice rejected hr'],
      ['with errors', 'sluice replicas hr --errors'],
      ['orphans', 'sluice orphans hr'],
    ])
    expect(all.at(-1)?.says).toBe('1 reference or link has no target in the repository.')
  })

  test('a look at its last run where that failed, and says how often it did', () => {
    const lastRun = well.lastRun === null ? null : { ...well.lastRun, run: 9, error: failed }
    const last = lastRun === null ? null : { ...lastRun, state: 'failed' as const }
    expect(attention({ lastRun: last, failures: 3 })).toEqual([
      {
        kind: 'failed',
        says: 'SLUICE-EXPORT-05: The program ended with 1. It has failed 3 times in a row.',
        command: 'sluice runs show 9',
      },
    ])
  })

  test('a run where it is late, by the time since it was applied or resumed', () => {
    expect(attention({}, { expected: 5 * hour })).toMatchObject([
      {
        kind: 'late',
        says: 'It is late: a run should have been applied by 2026-12-01 07:00 UTC.',
        command: 'sluice sync hr',
      },
    ])
    expect(attention({}, { expected: 7 * hour })).toEqual([])
    expect(attention({ resumedAt: '2026-12-01T07:30:00.000Z' }, { expected: 5 * hour })).toEqual([])
  })

  test('somebody who resumes it, and is not late while it is suspended', () => {
    const by = { kind: 'person', name: 'olga' } as const
    const suspension = { since: '2026-12-01T01:00:00.000Z', until: null, reason: 'mending', by }
    expect(attention({ suspension }, { expected: hour })).toEqual([
      {
        kind: 'suspended',
        says: 'It is suspended since 2026-12-01 01:00 UTC, by olga: mending.',
        command: 'sluice source resume hr',
      },
    ])
  })
})
