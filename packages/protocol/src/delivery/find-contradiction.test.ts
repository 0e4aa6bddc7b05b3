import { describe, expect, test } from 'vitest'
import type { Manifest, PreparedFile } from './delivery.ts'
import { findContradiction } from './find-contradiction.ts'

const file: PreparedFile = {
  name: 'Person.sorted.csv',
  mapping: 'Person',
  kind: 'sorted',
  columns: ['number'],
  size: 10,
  sha256: '0'.repeat(64),
  rows: 5,
  read: 10,
  rejected: 1,
  nullKey: 1,
  duplicate: 1,
  noLink: 1,
  filtered: 1,
  unchanged: 0,
  deleted: 0,
}
const delta: PreparedFile = {
  ...file,
  name: 'Person.sorted.delta',
  kind: 'delta',
  rows: 3,
  deleted: 1,
  unchanged: 3,
}

function manifest(files: readonly PreparedFile[], more: Partial<Manifest> = {}): Manifest {
  return { files: [...files], timings: { export: 0, prepare: 0 }, notes: [], ...more }
}

describe('a manifest', () => {
  test.each([
    ['of rows that are all in one place', [file]],
    ['of a comparison, whose deleted rows were not read', [delta]],
    ["of the system's own commands, whose deleted rows were read", [{ ...delta, read: 11 }]],
    ['of nothing', []],
  ])('%s agrees with itself', (_, files) => {
    expect(findContradiction(manifest(files))).toBeUndefined()
  })

  const since = {
    base: crypto.randomUUID(),
    files: [{ name: 'Person.sorted.delta', mapping: 'Person', size: 1, sha256: '0'.repeat(64), rows: 1 }],
  }
  test('may bring a mapping as it is and as it has changed since', () => {
    expect(findContradiction(manifest([file], { since }))).toBeUndefined()
  })

  test.each<readonly [string, Manifest]>([
    ['mapping Person comes twice', manifest([file, delta])],
    [
      'mapping Person comes twice',
      manifest([file], { since: { ...since, files: [...since.files, ...since.files] } }),
    ],
    ['file Person.sorted.delta comes twice', manifest([delta], { since })],
    [
      'the rows of mapping Person are in Unit.sorted.csv, and not in Person.sorted.csv',
      manifest([{ ...file, name: 'Unit.sorted.csv' }]),
    ],
    [
      'Person.sorted.csv states 1000000 rows that were read, and 10 in all places together',
      manifest([{ ...file, read: 1e6 }]),
    ],
    [
      'Person.sorted.csv states rows that are unchanged or deleted, and holds all rows',
      manifest([{ ...file, unchanged: 1 }]),
    ],
    ['Person.sorted.delta states 4 rows that are deleted among 3', manifest([{ ...delta, deleted: 4 }])],
    ['Person.sorted.csv states 11 further rows of 10 that were read', manifest([{ ...file, further: 11 }])],
    [
      'rejected.jsonl lists 2 rows, and the files count 1 that were rejected',
      manifest([file], { rejections: { name: 'rejected.jsonl', size: 1, sha256: '0'.repeat(64), rows: 2 } }),
    ],
  ])('contradicts itself: %s', (sentence, stated) => {
    expect(findContradiction(stated)).toBe(sentence)
  })
})
