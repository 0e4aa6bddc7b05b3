import type { AssociationReport, EntityReport, Limit } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Limits } from '../changes/limits.ts'
import { noLimits } from '../changes/limits.ts'
import type { Elsewhere } from '../changes/produced.ts'
import { guard } from './guard.ts'

const rows = {
  read: 100,
  rejected: 0,
  nullKey: 0,
  duplicate: 0,
  inserted: 0,
  updated: 0,
  unchanged: 100,
  deleted: 0,
}
const noChanges = { inserted: 0, updated: 0, deleted: 0 }

function people(changes: Partial<EntityReport['changes']>, part: Partial<EntityReport> = {}): EntityReport {
  return {
    mapping: 'Person',
    source: 'hr',
    rows,
    changes: { ...noChanges, ...changes },
    stored: 100,
    withheld: 0,
    stillRejected: 0,
    orphanReferences: 0,
    ...part,
  }
}

function members(changes: Partial<AssociationReport['changes']>): AssociationReport {
  return {
    mapping: 'Member',
    source: 'hr',
    rows: { ...rows, noLink: 0, orphan: 0 },
    changes: { ...noChanges, ...changes },
    stored: 50,
    withheld: 0,
    stillRejected: 0,
  }
}

const nowhere: Elsewhere = { entities: [], associations: [], losing: new Map() }
const of = (part: Partial<Limits>): Limits => ({ ...noLimits, ...part })
const deleted = (limit: Limit): Limits => of({ entity: () => ({ deleted: limit }) })
const weigh = (entity: EntityReport, limits: Limits) =>
  guard({ entities: [entity], associations: [], elsewhere: nowhere, past: undefined }, limits)

describe('rejected rows', () => {
  const some = { ...rows, rejected: 11 }
  const limits = of({ entity: () => ({ rejected: { percent: 10 } }), source: { rejected: { percent: 10 } } })

  test('are weighed against those that were read, of a mapping and of the source', () => {
    expect(weigh(people({}, { rows: some }), limits)).toEqual(
      ['Person', 'source'].map((level) => ({
        level,
        threshold: 'rejected',
        by: 'percent',
        limit: 10,
        found: 11,
        total: 100,
      })),
    )
  })

  test.each([1, 3])('hold the run where they are all there is, were they only %i', (count) => {
    const usual = of({ entity: () => ({ rejected: { percent: 10, atLeast: 10 } }) })
    const all = { ...rows, read: count, rejected: count, unchanged: 0 }
    expect(weigh(people({}, { rows: all }), usual)).toMatchObject([{ threshold: 'rejected', found: count }])
    const most = { ...rows, read: count + 1, rejected: count, unchanged: 1 }
    expect(weigh(people({}, { rows: most }), usual)).toEqual([])
  })

  test('are weighed beside mappings of which nothing was read', () => {
    const entities = [people({}, { rows: null }), people({}, { mapping: 'Unit', rows: some })]
    const found = guard({ entities, associations: [], elsewhere: nowhere, past: undefined }, limits)
    expect(found.map(({ level, found, total }) => [level, found, total])).toEqual([
      ['Unit', 11, 100],
      ['source', 11, 100],
    ])
    const none = of({ entity: () => ({ rejected: { count: 0 } }) })
    expect(weigh(people({}, { rows: null }), none)).toEqual([])
  })

  test('are weighed by the run that finds them, and not by those that tell them again', () => {
    expect(weigh(people({}, { rows: some, stillRejected: 1 }), limits)).toEqual([])
  })
})

describe('every limit', () => {
  const limit = { count: 1 }
  const by = { by: 'count', limit: 1, found: 2 }
  const weighLinks = (report: AssociationReport, limits: Limits) =>
    guard({ entities: [], associations: [report], elsewhere: nowhere, past: undefined }, limits)
  const many = { inserted: 9, updated: 9, deleted: 9 }

  test.each(['inserted', 'updated', 'deleted'] as const)(
    'of resources that are %s is weighed of a mapping and of the source, and alone',
    (kind) => {
      const limits = of({ entity: () => ({ [kind]: limit }), source: { [kind]: limit } })
      expect(weigh(people({ [kind]: 2 }), limits)).toEqual(
        ['Person', 'source'].map((level) => ({ level, threshold: kind, ...by, total: 100 })),
      )
      expect(weigh(people({ ...many, [kind]: 1 }), limits)).toEqual([])
    },
  )

  test.each([
    ['inserted', 'linksInserted'],
    ['deleted', 'linksDeleted'],
  ] as const)(
    'of links that are %s is weighed of a mapping and of the source, and alone',
    (kind, ofSource) => {
      const limits = of({ association: () => ({ [kind]: limit }), source: { [ofSource]: limit } })
      expect(weighLinks(members({ [kind]: 2 }), limits)).toEqual([
        { level: 'Member', threshold: kind, ...by, total: 50 },
        { level: 'source', threshold: ofSource, ...by, total: 50 },
      ])
      expect(weighLinks(members({ ...many, [kind]: 1 }), limits)).toEqual([])
    },
  )

  test('of rows of links that are rejected is weighed of a mapping and of the source', () => {
    const limits = of({ association: () => ({ rejected: limit }), source: { rejected: limit } })
    const rejecting = (rejected: number): AssociationReport => ({
      ...members({}),
      rows: { ...rows, noLink: 0, orphan: 0, rejected },
    })
    expect(weighLinks(rejecting(2), limits)).toEqual(
      ['Member', 'source'].map((level) => ({ level, threshold: 'rejected', ...by, total: 100 })),
    )
    expect(weighLinks(rejecting(1), limits)).toEqual([])
  })
})

describe('the guard', () => {
  test('lets pass what is at the limit', () => {
    expect(weigh(people({ deleted: 10 }), deleted({ percent: 10 }))).toEqual([])
    expect(weigh(people({ deleted: 3 }), deleted({ count: 3 }))).toEqual([])
  })

  test('stops what is one past it, and says by how much', () => {
    expect(weigh(people({ deleted: 11 }), deleted({ percent: 10 }))).toEqual([
      { level: 'Person', threshold: 'deleted', by: 'percent', limit: 10, found: 11, total: 100 },
    ])
  })

  test('names every limit that is exceeded, by count and by percent', () => {
    const found = weigh(people({ deleted: 20 }), deleted({ count: 5, percent: 10 }))
    expect(found.map(({ by }) => by)).toEqual(['count', 'percent'])
  })

  test('weighs nothing where no limit is set', () => {
    expect(weigh(people({ inserted: 1e6, updated: 1e6, deleted: 100 }), noLimits)).toEqual([])
  })

  test('leaves changes below the least number alone', () => {
    expect(weigh(people({ deleted: 9 }, { stored: 30 }), deleted({ percent: 10, atLeast: 10 }))).toEqual([])
    expect(
      weigh(people({ deleted: 10 }, { stored: 30 }), deleted({ percent: 10, atLeast: 10 })),
    ).toHaveLength(1)
  })

  test('stops deletions of more than a third, however little that is, unless it is a single one', () => {
    const limits = deleted({ percent: 10, atLeast: 10 })
    const stops = (found: number, stored: number) =>
      weigh(people({ deleted: found }, { stored }), limits).length > 0
    expect([stops(3, 4), stops(9, 10), stops(2, 2), stops(2, 5)]).toEqual([true, true, true, true])
    expect([stops(2, 6), stops(1, 2), stops(1, 1)]).toEqual([false, false, false])
  })

  test('stops deletions of most links of a source, however few it has', () => {
    const limits = of({ source: { linksDeleted: { percent: 10, atLeast: 10 } } })
    const links = (deleted: number) =>
      guard(
        {
          entities: [],
          associations: [{ ...members({ deleted }), stored: 6 }],
          elsewhere: nowhere,
          past: undefined,
        },
        limits,
      )
    expect(links(2)).toEqual([])
    expect(links(3)).toMatchObject([{ level: 'source', threshold: 'linksDeleted', found: 3, total: 6 }])
  })

  test('leaves other changes of a small table alone, however large a part of it they are', () => {
    const limits = of({ entity: () => ({ updated: { percent: 10, atLeast: 10 } }) })
    expect(weigh(people({ updated: 4 }, { stored: 4 }), limits)).toEqual([])
  })

  test('weighs rejected rows against the rows read', () => {
    const limits = of({ entity: () => ({ rejected: { percent: 5 } }) })
    const rejected = (count: number) => people({}, { rows: { ...rows, rejected: count } })
    expect(weigh(rejected(5), limits)).toEqual([])
    expect(weigh(rejected(6), limits)).toMatchObject([{ threshold: 'rejected', found: 6, total: 100 }])
  })

  test('weighs everything together under the name of the source', () => {
    const limits = of({ source: { deleted: { count: 5 }, linksDeleted: { count: 1 } } })
    const found = guard(
      {
        entities: [people({ deleted: 3 }), people({ deleted: 3 }, { mapping: 'Unit' })],
        associations: [members({ deleted: 2 })],
        elsewhere: nowhere,
        past: undefined,
      },
      limits,
    )
    expect(found).toEqual([
      { level: 'source', threshold: 'deleted', by: 'count', limit: 5, found: 6, total: 200 },
      { level: 'source', threshold: 'linksDeleted', by: 'count', limit: 1, found: 2, total: 50 },
    ])
  })

  test('weighs links of a mapping by their own limits', () => {
    const limits = of({ association: () => ({ inserted: { count: 1 }, deleted: { percent: 10 } }) })
    const found = guard(
      {
        entities: [],
        associations: [members({ inserted: 2, deleted: 6 })],
        elsewhere: nowhere,
        past: undefined,
      },
      limits,
    )
    expect(found.map(({ threshold, by }) => `${threshold} by ${by}`)).toEqual([
      'inserted by count',
      'deleted by percent',
    ])
  })

  test('never stops under a looser limit what it let pass under a tighter one', () => {
    const count = fc.nat(1000)
    const percent = fc.integer({ min: 0, max: 100 })
    fc.assert(
      fc.property(count, count, percent, percent, (stored, found, one, other) => {
        const stops = (limit: number) =>
          weigh(people({ deleted: found }, { stored }), deleted({ percent: limit })).length > 0
        return stops(Math.min(one, other)) || !stops(Math.max(one, other))
      }),
    )
  })

  test('compares percentages exactly', () => {
    expect(weigh(people({ deleted: 29 }, { stored: 100 }), deleted({ percent: 29 }))).toEqual([])
    expect(weigh(people({ deleted: 1 }, { stored: 3 }), deleted({ percent: 33 }))).toHaveLength(1)
    expect(weigh(people({ deleted: 1 }, { stored: 3 }), deleted({ percent: 34 }))).toEqual([])
  })
})

describe('what a run takes from another source', () => {
  const limits = of({
    elsewhere: (source) => ({
      entity: () => (source === 'hr' ? { updated: { percent: 30 } } : {}),
      association: () => (source === 'hr' ? { deleted: { percent: 10 } } : {}),
    }),
  })
  const weighElsewhere = (elsewhere: Elsewhere) =>
    guard({ entities: [], associations: [], elsewhere, past: undefined }, limits)
  const updated = (losing: number, source = 'hr') => ({
    ...nowhere,
    entities: [people({ updated: 90 }, { rows: null, source })],
    losing: new Map([['Person', losing]]),
  })

  test('is weighed against the limits of that one: references that are lost as updates', () => {
    expect(weighElsewhere(updated(31))).toEqual([
      {
        level: 'Person',
        source: 'hr',
        threshold: 'updated',
        by: 'percent',
        limit: 30,
        found: 31,
        total: 100,
      },
    ])
    expect(weighElsewhere(updated(31, 'other'))).toEqual([])
  })

  test('does not count references that are filled', () => {
    expect(weighElsewhere(updated(0))).toEqual([])
    const none = of({
      elsewhere: () => ({ entity: () => ({ updated: { count: 0 } }), association: () => ({}) }),
    })
    const filled = { ...updated(0), losing: new Map() }
    expect(guard({ entities: [], associations: [], elsewhere: filled, past: undefined }, none)).toEqual([])
  })

  test('counts links that go with their ends', () => {
    const links = (count: number) => ({ ...nowhere, associations: [members({ deleted: count })] })
    expect(weighElsewhere(links(5))).toEqual([])
    expect(weighElsewhere(links(6))).toMatchObject([
      { level: 'Member', source: 'hr', threshold: 'deleted', total: 50 },
    ])
  })
})

describe('losses over several runs', () => {
  const limits = of({
    source: { window: { days: 7, deleted: { percent: 25, atLeast: 10 } } },
    entity: () => ({ deleted: { percent: 10 } }),
  })
  const since = '2026-11-21T00:00:00Z'
  const weighOver = (report: EntityReport, stored: number, within = limits) =>
    guard(
      {
        entities: [report],
        associations: [],
        elsewhere: nowhere,
        past: { since, stored: new Map([['Person', stored]]) },
      },
      within,
    )

  test('hold the run with which they are more than is allowed of what was stored when they began', () => {
    expect(weighOver(people({ deleted: 5 }, { stored: 80 }), 100)).toEqual([])
    expect(weighOver(people({ deleted: 6 }, { stored: 80 }), 100)).toEqual([
      { level: 'Person', threshold: 'deleted', by: 'percent', limit: 25, found: 26, total: 100, since },
    ])
  })

  test('do not hold a run with which nothing becomes fewer', () => {
    expect(weighOver(people({ deleted: 6, inserted: 6 }, { stored: 60 }), 100)).toEqual([])
  })

  test('are not weighed where the deletions of a mapping have no limit', () => {
    expect(weighOver(people({ deleted: 6 }, { stored: 60 }), 100, of({ source: limits.source }))).toEqual([])
  })

  test('are not told of a mapping that is held for what it loses at once', () => {
    expect(weighOver(people({ deleted: 20 }, { stored: 80 }), 100)).toMatchObject([{ found: 20, total: 80 }])
  })

  test('are told beside what else a mapping is held for', () => {
    const within = { ...limits, entity: () => ({ deleted: { percent: 10 }, updated: { count: 0 } }) }
    expect(weighOver(people({ deleted: 6, updated: 1 }, { stored: 80 }), 100, within)).toMatchObject([
      { threshold: 'updated', by: 'count' },
      { threshold: 'deleted', found: 26, since },
    ])
  })

  test('are none of a mapping that holds more than when they began', () => {
    const within = { ...limits, source: { window: { days: 7, deleted: { count: 0 } } } }
    expect(weighOver(people({ deleted: 1 }, { stored: 120 }), 100, within)).toEqual([])
    expect(weighOver(people({ deleted: 1 }, { stored: 100 }), 100, within)).toMatchObject([{ found: 1 }])
  })

  test('of links are weighed as those of resources are, where their deletions have a limit', () => {
    const links = (within: Limits) =>
      guard(
        {
          entities: [],
          associations: [members({ deleted: 5 })],
          elsewhere: nowhere,
          past: { since, stored: new Map([['Member', 100]]) },
        },
        within,
      )
    expect(links({ ...limits, association: () => ({ deleted: { percent: 10 } }) })).toEqual([
      { level: 'Member', threshold: 'deleted', by: 'percent', limit: 25, found: 55, total: 100, since },
    ])
    expect(links(limits)).toEqual([])
  })

  test('of a small table are left alone: one at a time is how it shrinks', () => {
    expect(weighOver(people({ deleted: 1 }, { stored: 20 }), 25)).toEqual([])
    expect(weighOver(people({ deleted: 1 }, { stored: 3 }), 6)).toMatchObject([{ found: 1, total: 3 }])
    const within = { ...limits, entity: () => ({ deleted: { percent: 50 } }) }
    expect(weighOver(people({ deleted: 1 }, { stored: 8 }), 12, within)).toEqual([])
  })
})
