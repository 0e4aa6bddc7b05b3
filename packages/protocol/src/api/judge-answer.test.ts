import { describe, expect, test } from 'vitest'
import { judgeAnswer, type Verdict } from './judge-answer.ts'

const own = (retry?: boolean) => ({ ...(retry === undefined ? {} : { retry }) })

/** Status, then: not the server's answer; the server's, which says no; yes; nothing of trying again. */
const table: readonly (readonly [number, Verdict, Verdict, Verdict, Verdict])[] = [
  [301, "operator's", "operator's", 'again', "operator's"],
  [302, "operator's", "operator's", 'again', "operator's"],
  [304, "operator's", "operator's", 'again', "operator's"],
  [307, "operator's", "operator's", 'again', "operator's"],
  [400, "operator's", "operator's", 'again', "operator's"],
  [401, "operator's", "operator's", 'again', "operator's"],
  [403, "operator's", "operator's", 'again', "operator's"],
  [404, "operator's", "operator's", 'again', "operator's"],
  [405, "operator's", "operator's", 'again', "operator's"],
  [407, "operator's", "operator's", 'again', "operator's"],
  [408, 'again', "operator's", 'again', 'again'],
  [409, "operator's", 'final', 'again', 'final'],
  [410, "operator's", "operator's", 'again', "operator's"],
  [411, "operator's", "operator's", 'again', "operator's"],
  [413, 'smaller pieces', 'final', 'again', 'final'],
  [414, "operator's", "operator's", 'again', "operator's"],
  [415, "operator's", "operator's", 'again', "operator's"],
  [421, "operator's", "operator's", 'again', "operator's"],
  [422, "operator's", 'final', 'again', 'final'],
  [425, 'again', "operator's", 'again', 'again'],
  [426, "operator's", "operator's", 'again', "operator's"],
  [429, 'again', "operator's", 'again', 'again'],
  [431, "operator's", "operator's", 'again', "operator's"],
  [451, "operator's", "operator's", 'again', "operator's"],
  [499, "operator's", "operator's", 'again', "operator's"],
  [500, 'again', "operator's", 'again', 'again'],
  [502, 'again', "operator's", 'again', 'again'],
  [503, 'again', "operator's", 'again', 'again'],
  [504, 'again', "operator's", 'again', 'again'],
  [507, 'again', "operator's", 'again', 'again'],
  [520, 'again', "operator's", 'again', 'again'],
]

describe('an answer', () => {
  test.each(table)('of status %i is judged by whose word it is', (status, foreign, no, later, silent) => {
    expect(judgeAnswer(status, undefined)).toBe(foreign)
    expect(judgeAnswer(status, own(false))).toBe(no)
    expect(judgeAnswer(status, own(true))).toBe(later)
    expect(judgeAnswer(status, own())).toBe(silent)
  })

  test('of any status ends a delivery only where it is the word of the server', () => {
    for (let status = 100; status < 600; status += 1) {
      if (status < 200 || status > 299) expect(judgeAnswer(status, undefined)).not.toBe('final')
    }
  })
})
