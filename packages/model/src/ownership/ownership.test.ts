import { describe, expect, test } from 'vitest'
import type { EntityMapping, Source } from '../source/source.ts'
import { isLocked, mayAssert, ownershipOf, ownsAlone, replicaLayoutOf, soleOwner } from './ownership.ts'

function mapping(entityType: string, ...properties: readonly string[]): EntityMapping {
  return {
    name: entityType,
    entityType,
    file: 'f.csv',
    format: { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' },
    key: properties[0] ?? 'key',
    properties: properties.map((property) => ({ property, column: property })),
    thresholds: {},
  }
}

function source(name: string, ...entities: readonly EntityMapping[]): Source {
  return { name, folder: '/', mode: 'auto', entities, associations: [], thresholds: {} }
}

const hr = source('hr', mapping('Person', 'number', 'name'), mapping('Unit', 'code'))
const ad = source('ad', mapping('Person', 'number', 'mail'))
const sources = new Map([hr, ad].map((one) => [one.name, one]))

describe('ownership', () => {
  test('of a type that one source fills is that source’s alone', () => {
    const ownership = ownershipOf(sources, 'Unit')
    expect(soleOwner(ownership)).toBe(hr)
    expect(ownsAlone(ownership, hr)).toBe(true)
    expect(ownsAlone(ownership, ad)).toBe(false)
  })

  test('of a type that two sources fill is nobody’s alone', () => {
    const ownership = ownershipOf(sources, 'Person')
    expect(soleOwner(ownership)).toBeUndefined()
    expect([hr, ad].map((one) => ownsAlone(ownership, one))).toEqual([false, false])
    expect(ownership.owners.map((owner) => owner.source.name)).toEqual(['hr', 'ad'])
  })

  test('of a type that no source fills has no owner', () => {
    expect(ownershipOf(sources, 'Site').owners).toEqual([])
    expect(soleOwner(ownershipOf(sources, 'Site'))).toBeUndefined()
  })

  test('lets a source assert what it maps, and nothing else', () => {
    const ownership = ownershipOf(sources, 'Person')
    expect(mayAssert(ownership, hr, 'name')).toBe(true)
    expect(mayAssert(ownership, hr, 'mail')).toBe(false)
    expect(mayAssert(ownership, ad, 'mail')).toBe(true)
  })

  test('locks what a source maps', () => {
    const ownership = ownershipOf(sources, 'Person')
    expect(isLocked(ownership, hr, 'name')).toBe(true)
    expect(isLocked(ownership, hr, 'mail')).toBe(false)
  })

  test('does not lock what a source masters without a lock', () => {
    const ownership = ownershipOf(sources, 'Unit')
    const [owner] = ownership.owners
    if (owner === undefined) throw new Error('Nobody owns units.')
    const unlocked = [{ property: 'code', policy: 'master_unlocked' as const, precedence: 0 }]
    const open = { ...ownership, owners: [{ ...owner, assertions: unlocked }] }
    expect(mayAssert(open, hr, 'code')).toBe(true)
    expect(isLocked(open, hr, 'code')).toBe(false)
  })

  test('lays the replicas of every type as digests', () => {
    expect(['Person', 'Unit'].map((type) => replicaLayoutOf(ownershipOf(sources, type)))).toEqual([
      'digest',
      'digest',
    ])
  })
})
