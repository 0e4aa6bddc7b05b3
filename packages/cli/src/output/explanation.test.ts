import type { ExplainedClaim, ExplainedValue, Explanation } from '@sluice/project'
import picocolors from 'picocolors'
import { expect, test } from 'vitest'
import { formatExplanation } from './explanation.ts'

const grace = { kind: 'token', name: 'grace' } as const

const claim = (part: Partial<ExplainedClaim>): ExplainedClaim => ({
  source: 'hr',
  key: '1001',
  policy: 'master_locked',
  precedence: 0,
  says: 'x',
  standing: 'wins',
  ...part,
})

const value = (part: Partial<ExplainedValue>): ExplainedValue => ({
  property: 'title',
  value: 'x',
  referenceId: null,
  orphan: null,
  source: 'hr',
  lockedBy: null,
  claims: [],
  run: 2,
  at: null,
  by: null,
  ...part,
})

/** Without its heading and the columns' names. */
function explained(part: Partial<ExplainedValue>, others: Partial<Explanation> = {}): readonly string[] {
  const found: Explanation = {
    resourceId: '7',
    entityType: 'Person',
    display: 'Ada',
    deleted: null,
    values: [value(part)],
    replicas: [{ source: 'hr', key: '1001', status: 'synchronized', creator: true }],
    links: [],
    history: [],
    alsoMatching: [],
    ...others,
  }
  const lines = formatExplanation(found, picocolors.createColors(false), 200)
  return lines.slice(4).flatMap((line) => (line === '' ? [] : [line.replaceAll(/ {2,}/g, '  ').trim()]))
}

test('a value that a person has changed is theirs, and what the source says in its place is shown', () => {
  const claims = [claim({ policy: 'master_unlocked', says: 'Analyst' })]
  expect(explained({ value: 'Countess', claims, by: grace })).toEqual([
    'title  Countess  token grace, open to all  run 2',
    'Several sources have a value:',
    'title: hr (1001) says "Analyst": changed here by a person since (master_unlocked)',
  ])
})

test('a value that a person gave first is the source’s that says the same, or locks it', () => {
  expect(explained({ claims: [claim({ policy: 'master_unlocked' })], by: grace })).toEqual([
    'title  x  hr, open to all  run 2',
  ])
  expect(explained({ lockedBy: 'hr', claims: [claim({})], by: grace })).toEqual(['title  x  hr  run 2'])
})

test('what no source says any more is open to all', () => {
  expect(explained({ source: null })).toEqual(['title  x  open to all  run 2'])
})

test('an empty cell says that there is nothing', () => {
  const claims = [claim({ says: '' }), claim({ source: 'ad', key: 'ada', says: '5', standing: 'shadowed' })]
  expect(explained({ value: null, lockedBy: 'hr', claims })).toEqual([
    'title  hr  run 2',
    'Several sources have a value:',
    'title: hr (1001) says that it is empty: wins (master_locked)',
    'title: ad (ada) says "5": shadowed (master_locked)',
  ])
})

test('links that wait say for whom: nobody, or several', () => {
  const orphanLinks = [
    { association: 'Membership', end: 'from', source: 'hr', name: 'Sales', candidates: ['3', '4'] },
    { association: 'Owns', end: 'to', source: 'cmdb', name: 'srv1' },
  ] as const
  expect(explained({}, { orphanLinks })).toEqual([
    'title  x  hr, open to all  run 2',
    'Links:',
    'Membership → (ambiguous: Sales is what the resources 3, 4 are called), hr',
    'Owns ← (unknown: srv1), cmdb',
  ])
})

test('links of which only the first are shown say how many more there are, and how to see them', () => {
  const first = ['Bo', 'Cy'].map((display, n) => ({
    resourceId: String(n + 1),
    display,
    source: 'hr',
    properties: {},
  }))
  const found: Explanation = {
    resourceId: '7',
    entityType: 'Person',
    display: 'Ada',
    deleted: null,
    values: [],
    replicas: [],
    links: [
      { association: 'Knows', end: 'from', count: 1500, first },
      { association: 'Leads', end: 'to', count: 2, first },
    ],
    history: [],
    alsoMatching: [],
  }
  expect(formatExplanation(found, picocolors.createColors(false), 200).slice(-3)).toEqual([
    '  Knows → 1,500: Bo, Cy, and 1,498 more',
    '  Leads ← 2: Bo, Cy',
    '  All of them: sluice neighbours, with the same type and key.',
  ])
})
