import { operators, parseCondition } from '@sluice/repository'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionText } from './remote-repository.ts'

test('a condition that people wrote arrives at the server as they wrote it', () => {
  const operator = fc.constantFrom(...operators)
  const property = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/)
  fc.assert(
    fc.property(property, operator, fc.string(), (name, sign, value) => {
      const written = sign.startsWith('is') ? `${name} ${sign}` : `${name}${sign}${value}`
      const condition = parseCondition(written)
      expect(parseCondition(conditionText(condition))).toEqual(condition)
    }),
  )
})
