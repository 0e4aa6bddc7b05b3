import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Claim, comesBefore, decideValue } from './decide-value.ts'

const claim = (of: Partial<Claim<string>> = {}): Claim<string> => ({
  policy: 'master_locked',
  precedence: 0,
  attached: 1,
  changed: 1,
  row: 1,
  asserts: 'value',
  now: false,
  applied: true,
  letGo: false,
  ...of,
})

describe('the value of a property', () => {
  test('stays when nobody says anything', () => {
    expect(decideValue('stored', [])).toBe('stored')
    expect(decideValue('stored', [claim({ asserts: undefined })])).toBe('stored')
  })

  test('is that of the highest precedence, whoever changed last', () => {
    const low = claim({ asserts: 'low', precedence: 1, now: true })
    expect(decideValue('x', [low, claim({ asserts: 'high', precedence: 2 })])).toBe('high')
  })

  test('at equal precedence is the locked one, and of two of those the one that was attached first', () => {
    const open = claim({ asserts: 'open', policy: 'master_unlocked', now: true })
    const [first, second] = [
      claim({ asserts: 'first' }),
      claim({ asserts: 'second', attached: 2, now: true }),
    ]
    expect(decideValue('x', [open, second, first])).toBe('first')
  })

  test('without locks is that which changed last', () => {
    const open = (asserts: string, changed: number, now: boolean) =>
      claim({ asserts, policy: 'master_unlocked', changed, now })
    expect(decideValue('x', [open('early', 1, false), open('late', 9, true)])).toBe('late')
  })

  test('is repaired where it is locked, and kept where it is not', () => {
    expect(decideValue('edited', [claim()])).toBe('value')
    expect(decideValue('edited', [claim({ policy: 'master_unlocked' })])).toBe('edited')
  })

  test('may be said to be none', () => {
    expect(decideValue('stored', [claim({ asserts: null })])).toBeNull()
  })

  test('passes on when who held it lets go', () => {
    const next = claim({ asserts: 'next', precedence: 1, policy: 'master_unlocked' })
    const gone = claim({ asserts: undefined, precedence: 2, letGo: true })
    expect(decideValue('held', [gone, next])).toBe('next')
    // Who was behind takes nothing along.
    expect(decideValue('held', [{ ...gone, precedence: 0 }, next])).toBe('held')
  })

  test('waits for what has its place, and was not applied yet', () => {
    const waiting = claim({ asserts: 'new', precedence: 2, applied: false })
    expect(decideValue('stored', [waiting, claim({ asserts: 'other', now: true })])).toBe('stored')
  })

  test('that is to be written where there is none is written there alone, and with its own row', () => {
    const fills = claim({ asserts: 'fill', policy: 'write_if_empty', now: true })
    expect(decideValue(null, [fills])).toBe('fill')
    expect(decideValue('stored', [fills])).toBe('stored')
    expect(decideValue(null, [{ ...fills, now: false }])).toBeNull()
  })

  test('does not depend on the order in which it is asked', () => {
    fc.assert(
      fc.property(fc.option(fc.constantFrom('s', 't')), claims, (stored, all) => {
        expect(decideValue(stored, all.toReversed())).toBe(decideValue(stored, all))
      }),
    )
  })
})

/** Each attached in its own turn. */
const claims: fc.Arbitrary<readonly Claim<string>[]> = fc
  .array(
    fc.record({
      policy: fc.constantFrom('master_locked', 'master_unlocked', 'write_if_empty'),
      precedence: fc.integer({ min: 0, max: 2 }),
      changed: fc.integer({ min: 1, max: 3 }),
      asserts: fc.constantFrom('a', 'b', null, undefined),
      now: fc.boolean(),
      applied: fc.boolean(),
      letGo: fc.boolean(),
    }),
    { maxLength: 4 },
  )
  .map((all) => all.map((one, attached): Claim<string> => ({ ...one, attached, row: 1 })))

test('claims have an order', () => {
  fc.assert(
    fc.property(claims, (all) => {
      for (const one of all) {
        for (const other of all) {
          const [there, back] = [comesBefore(one, other), comesBefore(other, one)]
          expect(Math.sign(there) + Math.sign(back)).toBe(0)
        }
      }
    }),
  )
})
