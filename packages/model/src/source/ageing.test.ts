import { expect, test } from 'vitest'
import { ages } from './ageing.ts'
import { type Federation, keyOnly } from './federation.ts'
import type { Source } from './source.ts'

const day = 86_400_000

function sourceOf(federation: Partial<Federation> | undefined, more: Partial<Source> = {}): Source {
  return {
    name: 'cmdb',
    folder: '/',
    mode: 'auto',
    associations: [],
    thresholds: {},
    entities: [
      {
        name: 'Server',
        entityType: 'Server',
        file: 'servers.csv',
        key: 'id',
        format: { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' },
        properties: [],
        thresholds: {},
        ...(federation === undefined ? {} : { federation: { ...keyOnly, ...federation } }),
      },
    ],
    ...more,
  }
}

const marked = {
  action: 'update_then_delete',
  update: new Map([['status', 'gone']]),
  retention: day,
} as const
const ignored = { action: 'ignore', update: new Map(), retention: 0 } as const

test('an open table ages by its interval alone, since without one no row of it ever disappears', () => {
  expect(ages(sourceOf({ fullLoadInterval: day }, { table: true }))).toBe(true)
  expect(ages(sourceOf({ deletePolicy: marked }, { table: true }))).toBe(false)
})

test('a source of files ages by an interval or a retention: what it has missed is known', () => {
  expect(ages(sourceOf({ fullLoadInterval: day }))).toBe(true)
  expect(ages(sourceOf({ deletePolicy: marked }))).toBe(true)
  expect(ages(sourceOf({}))).toBe(false)
})

test('nothing ages that is kept whatever happens, is owned whole, or is of a source that is not run any more', () => {
  expect(ages(sourceOf({ fullLoadInterval: day, deletePolicy: ignored }))).toBe(false)
  expect(ages(sourceOf(undefined))).toBe(false)
  expect(ages(sourceOf({ fullLoadInterval: day }, { status: 'obsolete' }))).toBe(false)
})
