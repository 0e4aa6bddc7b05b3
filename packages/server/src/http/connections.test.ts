import { describe, expect, test } from 'vitest'
import { tooMany } from './connections.ts'

const limits = { connections: 4, connectionsPerAddress: 2, isProxy: (address: string) => address === 'proxy' }
const one = (address: string, proven = false) => ({ address, proven })

describe('of too many connections', () => {
  test('none goes while there are not too many', () => {
    const latest = one('a')
    expect(tooMany([one('a'), one('b'), latest], latest, limits)).toBeUndefined()
  })

  test('the oldest of the address goes on which nobody has shown a token', () => {
    const [first, second, latest] = [one('a', true), one('a'), one('a')]
    expect(tooMany([first, second, latest], latest, limits)).toBe(second)
  })

  test('the new one goes where all others have shown one', () => {
    const latest = one('a')
    expect(tooMany([one('a', true), one('a', true), latest], latest, limits)).toBe(latest)
  })

  test('a proxy has as many as there may be in all', () => {
    const latest = one('proxy')
    const four = [one('proxy', true), one('proxy', true), one('proxy'), latest]
    expect(tooMany(four, latest, limits)).toBeUndefined()
    const last = one('proxy')
    expect(tooMany([...four, last], last, limits)).toBe(four[2])
  })
})
