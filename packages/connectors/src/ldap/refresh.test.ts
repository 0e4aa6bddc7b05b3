import { describe, expect, test } from 'vitest'
import { Refresh } from './refresh.ts'

const ended = (refresh: Refresh) => {
  const { there, gone } = refresh.end()
  return { there: [...there].sort(), gone: [...gone].sort() }
}

describe('a refresh', () => {
  test('without anything known finds what is sent', () => {
    const refresh = new Refresh([])
    expect(refresh.entry({ state: 'add', id: 'a' })).toBe(true)
    refresh.done(false)
    expect(ended(refresh)).toEqual({ there: ['a'], gone: [] })
  })

  test('that names what was deleted leaves all else as it was', () => {
    const refresh = new Refresh(['a', 'b', 'c', 'd'])
    expect(refresh.entry({ state: 'modify', id: 'a' })).toBe(true)
    expect(refresh.entry({ state: 'delete', id: 'b' })).toBe(false)
    refresh.info({ kind: 'ids', deleted: true, ids: ['c'] })
    refresh.done(true)
    expect(ended(refresh)).toEqual({ there: ['a', 'd'], gone: ['b', 'c'] })
  })

  test('that names what is still there takes all else for gone', () => {
    const refresh = new Refresh(['a', 'b', 'c', 'd'])
    expect(refresh.entry({ state: 'present', id: 'a' })).toBe(false)
    expect(refresh.entry({ state: 'add', id: 'e' })).toBe(true)
    refresh.info({ kind: 'ids', deleted: false, ids: ['b'] })
    refresh.done(false)
    expect(ended(refresh)).toEqual({ there: ['a', 'b', 'e'], gone: ['c', 'd'] })
  })

  test('may do both, one after the other', () => {
    const refresh = new Refresh(['a', 'b', 'c'])
    refresh.info({ kind: 'ids', deleted: false, ids: ['a', 'b'] })
    refresh.info({ kind: 'present phase ends' })
    refresh.entry({ state: 'delete', id: 'b' })
    refresh.info({ kind: 'delete phase ends' })
    refresh.done(true)
    expect(ended(refresh)).toEqual({ there: ['a'], gone: ['b', 'c'] })
  })

  test('in which nothing is said finds that nothing has changed', () => {
    const refresh = new Refresh(['a'])
    refresh.info({ kind: 'cookie' })
    refresh.done(true)
    expect(ended(refresh)).toEqual({ there: ['a'], gone: [] })
  })

  test('is broken where an entry comes without a state', () => {
    expect(() => new Refresh([]).entry(undefined)).toThrow('without its state')
  })
})
