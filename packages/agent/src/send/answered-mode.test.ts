import type { DeliveryMode } from '@sluice/model'
import { expect, test } from 'vitest'
import { answeredMode, type ExportedTable } from './answered-mode.ts'

const whole: ExportedTable = { file: 'groups.csv', commands: false, outdated: false }
const changes: ExportedTable = { file: 'people.csv', commands: true, outdated: false }
const outdated: ExportedTable = { ...whole, outdated: true }

/** asked, what the program says, its tables: what is delivered. */
const cases: readonly [DeliveryMode, DeliveryMode | undefined, readonly ExportedTable[], string][] = [
  ['complete', undefined, [whole, changes], 'complete'],
  ['complete', 'complete', [whole], 'complete'],
  ['complete', 'initial', [whole], 'complete'],
  ['initial', 'complete', [whole], 'initial'],
  ['complete', 'incremental', [changes], 'wrong'],
  ['initial', 'incremental', [changes], 'wrong'],
  ['incremental', undefined, [whole], 'incremental'],
  ['incremental', undefined, [changes, whole], 'incremental'],
  ['incremental', 'incremental', [changes, whole], 'incremental'],
  ['incremental', 'incremental', [whole], 'wrong'],
  ['incremental', 'complete', [whole], 'incremental'],
  ['incremental', 'complete', [changes, whole], 'complete'],
  ['incremental', undefined, [outdated], 'complete'],
  ['incremental', 'complete', [outdated], 'complete'],
  ['incremental', undefined, [changes, outdated], 'incremental'],
  ['incremental', 'incremental', [changes, outdated], 'incremental'],
]

test.each(cases)('%s asked, %s stated, of tables %j: delivered as %s', (asked, stated, tables, delivered) => {
  const answer = answeredMode(asked, stated, tables)
  expect(answer.kind === 'fits' ? answer.mode : 'wrong').toBe(delivered)
})

test('says why it is not what was asked for', () => {
  expect(answeredMode('incremental', 'complete', [changes])).toMatchObject({
    note: expect.stringContaining('holds all'),
  })
  expect(answeredMode('incremental', undefined, [outdated])).toMatchObject({
    note: expect.stringContaining('groups.csv holds all rows'),
  })
})
