import type { EntityRows, Exceeded, ReplicaCounts, RunReport } from '@sluice/model'
import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { describeExceeded } from './exceeded.ts'
import { formatRunReport } from './run-report.ts'

const colors = picocolors.createColors(false)

const rows = (part: Partial<EntityRows>): EntityRows => ({
  read: 0,
  rejected: 0,
  nullKey: 0,
  duplicate: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  ...part,
})

const report = (part: Partial<RunReport>): RunReport => ({
  run: 3,
  cause: 'delivery',
  by: { kind: 'command-line', name: 'eve' },
  delivery: '6f1c1d9e-0000-4000-8000-000000000000',
  source: 'hr',
  mode: 'complete',
  state: 'applied',
  startedAt: '2026-07-01T10:00:00.000Z',
  finishedAt: '2026-07-01T10:00:02.000Z',
  entities: [],
  associations: [],
  exceeded: [],
  drift: null,
  decision: null,
  replacedBy: null,
  stages: [],
  notes: [],
  error: null,
  ...part,
})

const people = {
  mapping: 'Person',
  source: 'hr',
  rows: rows({ read: 12_345, inserted: 5, updated: 40, unchanged: 12_298, rejected: 2 }),
  changes: { inserted: 5, updated: 42, deleted: 7 },
  stored: 12_340,
  withheld: 1,
  stillRejected: 1,
  orphanReferences: 3,
}

const membership = {
  mapping: 'Membership',
  source: 'hr',
  rows: { ...rows({ read: 10, inserted: 6 }), noLink: 0, orphan: 4 },
  changes: { inserted: 6, updated: 0, deleted: 0 },
  stored: 0,
  withheld: 0,
  stillRejected: 0,
}

describe('the report of a run', () => {
  test('accounts for every row, and says in words what no column can', () => {
    const lines = formatRunReport(
      report({
        entities: [people],
        associations: [membership],
        notes: ['people.csv was read as windows-1252.'],
        stages: [
          { stage: 'prepare', milliseconds: 120 },
          { stage: 'apply', milliseconds: 1400 },
        ],
      }),
      colors,
      100,
    )
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "Run 3 of hr (complete): applied

                      read  inserted  updated  unchanged  rejected  orphan  deleted
        Person      12,345         5       40     12,298         2       –        7
        Membership      10         6        0          0         0       4        0
        Person: 2 more updated because a resource they refer to changed
        Person: 1 not deleted, because a row with the same key could not be read
        Person: 1 rejected row is the same as in an earlier run
        Person: 3 references to an unknown resource or to several; kept until exactly one exists
        Membership: 4 links with an unknown or ambiguous end; kept until exactly one exists

      Notes:
        people.csv was read as windows-1252.

      Started by eve at the command line.
      Took 1.5 s: prepare 120 ms, apply 1.4 s"
    `)
  })

  test('leaves out columns that nothing stands in', () => {
    const lines = formatRunReport(report({ entities: [people] }), colors, 100)
    expect(lines.join('\n')).not.toMatch(/duplicate|null key|no link|orphan /)
  })

  test('tells rows that ask for a deletion from what is deleted', () => {
    const counts = rows({ read: 3, unchanged: 1, deleted: 2 })
    const changes = { inserted: 0, updated: 0, deleted: 1 }
    const lines = formatRunReport(report({ entities: [{ ...people, rows: counts, changes }] }), colors, 100)
    expect(lines.slice(2, 4)).toEqual([
      '          read  inserted  updated  unchanged  rejected  to delete  deleted',
      '  Person     3         0        0          1         0          2        1',
    ])
  })

  test('says that nothing changed when nothing did', () => {
    const [first] = formatRunReport(report({}), colors, 100)
    expect(first).toBe('Run 3 of hr (complete): applied, nothing had changed')
  })
})

describe('of a shared type', () => {
  const none: ReplicaCounts = {
    total: 0,
    seen: 0,
    attached: 0,
    disappeared: 0,
    created: 0,
    creationErrors: 0,
    matchedUpdated: 0,
    matchedUnchanged: 0,
    reconciliationErrors: 0,
    updated: 0,
    unchanged: 0,
    updateErrors: 0,
    obsoleted: 0,
    obsolescenceErrors: 0,
    deleted: 0,
    deletionErrors: 0,
    noAction: 0,
    warnings: 0,
  }
  const shown = (part: Partial<EntityRows>, replicas: Partial<ReplicaCounts>, updated: number) => {
    const changes = { inserted: replicas.created ?? 0, updated, deleted: 0 }
    const entity = {
      ...people,
      rows: rows(part),
      changes,
      withheld: 0,
      stillRejected: 0,
      orphanReferences: 0,
    }
    return formatRunReport(
      report({ entities: [{ ...entity, replicas: { ...none, ...replicas } }] }),
      colors,
      200,
    ).slice(2, -2)
  }

  test('every row stands in one column: a new one that found its resource, one whose value is shadowed, one with an error', () => {
    const replicas = {
      total: 10,
      created: 1,
      matchedUpdated: 2,
      updated: 1,
      unchanged: 4,
      reconciliationErrors: 2,
    }
    expect(shown({ read: 10, inserted: 5, updated: 2, unchanged: 3 }, replicas, 3)).toEqual([
      '          read  inserted  updated  unchanged  with an error  rejected  deleted',
      '  Person    10         1        3          4              2         0        0',
      '  Person: 10 replicas: 1 created, 2 found their resource and changed it, 2 could not be reconciled, 1 updated, 4 unchanged',
    ])
  })

  test('what changes because a row disappeared is no row that was read', () => {
    const replicas = { total: 6, updated: 1, unchanged: 4, disappeared: 1, noAction: 1 }
    expect(shown({ read: 5, updated: 1, unchanged: 4 }, replicas, 2)).toEqual([
      '          read  inserted  updated  unchanged  rejected  deleted',
      '  Person     5         0        1          4         0        0',
      '  Person: 6 replicas: 1 updated, 4 unchanged, 1 disappeared, 1 whose resource stays',
      '  Person: 1 more updated because one of their rows disappeared, or a resource they refer to changed',
    ])
  })
})

describe('an exceeded threshold', () => {
  const exceeded = (part: Partial<Exceeded>): Exceeded => ({
    level: 'Person',
    threshold: 'deleted',
    by: 'percent',
    limit: 10,
    found: 1200,
    total: 3000,
    ...part,
  })

  test.each<[Partial<Exceeded>, string]>([
    [{}, 'Person: 1,200 of 3,000 stored resources would be deleted (40 %), more than the 10 % allowed'],
    [{ by: 'count', limit: 500 }, 'Person: 1,200 resources would be deleted, 700 more than the 500 allowed'],
    [
      { level: 'Membership' },
      'Membership: 1,200 of 3,000 stored links would be deleted (40 %), more than the 10 % allowed',
    ],
    [
      { threshold: 'rejected' },
      'Person: 1,200 of 3,000 rows read would be rejected (40 %), more than the 10 % allowed',
    ],
    [
      { level: 'source', threshold: 'linksDeleted', total: 0 },
      'all of hr: 1,200 links would be deleted where none is stored, more than the 10 % allowed',
    ],
  ])('%o is said with its limit and by how much it is passed', (part, sentence) => {
    expect(describeExceeded(exceeded(part), report({ associations: [membership] }))).toBe(sentence)
  })

  test('tells drift, and what became of a run that was held', () => {
    const changes = { inserted: 0, updated: 2, deleted: 1 }
    const drift = {
      base: '6f1c1d9e-0000-4000-8000-000000000001',
      entities: [{ mapping: 'Person', changes }],
      associations: [{ mapping: 'Membership', changes: { inserted: 1, updated: 0, deleted: 0 } }],
    }
    const decision = { by: 'eve', at: '2026-07-01T12:00:00.000Z', reason: 'too many leavers' }
    const linesOf = (part: Partial<RunReport>) =>
      formatRunReport(report(part), colors, 100).filter(
        (line) => line !== '' && !line.startsWith('Started by'),
      )
    expect(linesOf({ drift })).toEqual([
      'Run 3 of hr (complete): applied, nothing had changed',
      'Drift: 3 resources differed from the last delivery (2 updated, 1 deleted); they now match the source again.',
      'Drift: 1 link differed from the last delivery (1 inserted); it now matches the source again.',
    ])
    expect(linesOf({ state: 'rejected', decision })).toEqual([
      'Run 3 of hr (complete): rejected, nothing was applied',
      'Rejected by eve at 2026-07-01 12:00:00 UTC: too many leavers',
    ])
    expect(linesOf({ state: 'cancelled', replacedBy: 4 })).toContain('Run 4 took its place.')
  })
})
