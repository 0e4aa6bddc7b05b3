import { describe, expect, test } from 'vitest'
import { claimReason, originOf, originText, otherClaims, winnerOf } from './attribute-origin.ts'

const claim = {
  source: 'hr',
  key: '7',
  policy: 'master_locked',
  precedence: 20,
  says: 'x',
  standing: 'wins',
} as const
const shadowed = { ...claim, source: 'ad', precedence: 10, says: 'y', standing: 'shadowed' } as const
const person = { kind: 'token', name: 'ann' } as const

describe('whose a value is', () => {
  test('the source that locks it', () => {
    expect(originOf({ lockedBy: 'hr', source: 'hr', by: null, value: 'x' })).toEqual({
      kind: 'locked',
      source: 'hr',
    })
  })

  test('a person who has set it, also over a source that does not lock it', () => {
    const origin = originOf({ lockedBy: null, source: 'ad', by: person, value: 'x' })
    expect(origin).toEqual({ kind: 'person', name: 'ann', source: 'ad' })
    expect(originText(origin)).toContain('ann')
  })

  test('a source that lets people change it, or nobody', () => {
    expect(originOf({ lockedBy: null, source: 'ad', by: null, value: 'x' }).kind).toBe('unlocked')
    expect(originOf({ lockedBy: null, source: null, by: null, value: null }).kind).toBe('nobody')
  })
})

describe('what others say', () => {
  test('is shown where it does not win, with the reason', () => {
    const claims = [claim, shadowed, { ...shadowed, source: 'cmdb', says: null, standing: 'silent' } as const]
    expect(otherClaims({ claims, value: 'x', by: null })).toEqual([shadowed])
    expect(claimReason(shadowed, winnerOf(claims))).toBe('shadowed: precedence 10, below 20 of hr')
  })

  test('of the same precedence is shadowed by the one that came first', () => {
    expect(claimReason({ ...shadowed, precedence: 20 }, claim)).toBe('shadowed by hr')
  })

  test('is shown where somebody has set another value over it', () => {
    expect(otherClaims({ claims: [claim], value: 'z', by: person })).toEqual([claim])
    expect(otherClaims({ claims: [claim], value: 'x', by: person })).toEqual([])
  })
})
