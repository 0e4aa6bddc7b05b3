import { SluiceError } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { type FailureKind, kindOf, verdictOf } from './sql-state.ts'
import { errorOfStatement } from './statement-errors.ts'

/** Every SQLSTATE of an error that PostgreSQL 15 and 18 know (errcodes.txt), by what it means. */
const expected: Readonly<Record<FailureKind, string>> = {
  connection:
    '08000 08001 08003 08004 08006 08007 08P01 25P03 25P04 40003 53300 57P01 57P02 57P03 57P05 HV00N',
  busy: '40000 40001 40P01 55006 55P03 57000 57014 72000',
  resources: '53000 53100 53200 53400 HV001',
  permission: '28000 28P01 42501',
  'read-only': '25006',
  fault: '3D000 57P04 58000 58030 58P01 58P02 58P03 F0000 F0001 XX000 XX001 XX002',
  limit: '54000 54011',
  statement: `
    03000 09000 0A000 0B000 0F000 0F001 0L000 0LP01 0P000 0Z000 0Z002 10608 20000 21000 22000 22001
    22002 22003 22004 22005 22007 22008 22009 2200B 2200C 2200D 2200F 2200G 2200H 2200L 2200M 2200N
    2200S 2200T 22010 22011 22012 22013 22014 22015 22016 22018 22019 2201B 2201E 2201F 2201G 2201W
    2201X 22021 22022 22023 22024 22025 22026 22027 2202E 2202G 2202H 22030 22031 22032 22033 22034
    22035 22036 22037 22038 22039 2203A 2203B 2203C 2203D 2203E 2203F 2203G 22P01 22P02 22P03 22P04
    22P05 22P06 23000 23001 23502 23503 23505 23514 23P01 24000 25000 25001 25002 25003 25004 25005
    25007 25008 25P01 25P02 26000 27000 2B000 2BP01 2D000 2F000 2F002 2F003 2F004 2F005 34000 38000
    38001 38002 38003 38004 39000 39001 39004 39P01 39P02 39P03 3B000 3B001 3F000 40002 42000 42601
    42602 42611 42622 42701 42702 42703 42704 42710 42712 42723 42725 42803 42804 42809 42830 42846
    42883 428C9 42939 42P01 42P02 42P03 42P04 42P05 42P06 42P07 42P08 42P09 42P10 42P11 42P12 42P13
    42P14 42P15 42P16 42P17 42P18 42P19 42P20 42P21 42P22 44000 54001 54023 55000 55P02
    55P04 HV000 HV002 HV004 HV005 HV006 HV007 HV008 HV009 HV00A HV00B HV00C HV00D HV00J HV00K HV00L
    HV00M HV00P HV00Q HV00R HV010 HV014 HV021 HV024 HV090 HV091 P0000 P0001 P0002 P0003 P0004
  `,
}
const codes = Object.entries(expected).flatMap(([kind, text]) =>
  text
    .trim()
    .split(/\s+/)
    .map((code) => [code, kind] as const),
)
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
  ])('%s is told as %s, with what to do', (code, told) => {
    expect(errorOf(code)).toMatchObject({ code: told, retry: true, remedy: expect.any(String) })
  })

  test('of a class that nobody knows is the statement’s', () => {
    expect([kindOf('ZZ999'), kindOf('')]).toEqual(['statement', 'statement'])
  })

  test('with which the server ends the connection may be repeated, whatever it is', () => {
    expect(errorOfStatement({ message: 'bye', code: '22023', ended: true }, database)).toMatchObject({
      code: 'SLUICE-REPOSITORY-02',
    })
  })
})
