import { SluiceError } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { sqlStates as codes } from '../../../../test/sql-states.ts'
import { kindOf, verdictOf } from './sql-state.ts'
import { errorOfStatement } from './statement-errors.ts'

const database = { location: 'db', schema: 's' }
const errorOf = (code: string) => errorOfStatement({ message: 'it says', code }, database)

describe('a failure of the database', () => {
  test('of every SQLSTATE is of the kind that is written down here', () => {
    expect(codes).toHaveLength(252)
    expect(codes.filter(([code, kind]) => kindOf(code) !== kind)).toEqual([])
  })

  test('is told as one that may be repeated exactly when its verdict is not final', () => {
    const repeated = codes.map(([code]) => {
      const error = errorOf(code)
      return [code, error instanceof SluiceError && error.retry] as const
    })
    expect(repeated).toEqual(codes.map(([code]) => [code, verdictOf[kindOf(code)] !== 'final']))
  })

  test.each([
    ['40001', 'SLUICE-REPOSITORY-14'],
    ['57014', 'SLUICE-REPOSITORY-14'],
    ['53100', 'SLUICE-REPOSITORY-06'],
    ['25006', 'SLUICE-REPOSITORY-15'],
    ['42501', 'SLUICE-REPOSITORY-07'],
    ['XX001', 'SLUICE-REPOSITORY-16'],
    ['57P01', 'SLUICE-REPOSITORY-02'],
    ['42P01', 'SLUICE-REPOSITORY-32'],
    ['55000', 'SLUICE-REPOSITORY-32'],
  ])('%s is told as %s, with what to do', (code, told) => {
    expect(errorOf(code)).toMatchObject({ code: told, retry: true, remedy: expect.any(String) })
  })

  test.each(['23514', 'P0001', '44000'])(
    '%s is told as a rule that somebody added, and does not pass',
    (code) => {
      expect(errorOf(code)).toMatchObject({
        code: 'SLUICE-REPOSITORY-31',
        retry: false,
        remedy: expect.any(String),
      })
    },
  )

  test('of a class that nobody knows is the statement’s', () => {
    expect([kindOf('ZZ999'), kindOf('')]).toEqual(['statement', 'statement'])
  })

  test('with which the server ends the connection may be repeated, whatever it is', () => {
    expect(errorOfStatement({ message: 'bye', code: '22023', ended: true }, database)).toMatchObject({
      code: 'SLUICE-REPOSITORY-02',
    })
  })
})
