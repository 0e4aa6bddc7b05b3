import { type Database, run, sql, statement } from '@sluice/repository'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/databases.ts'
import { type DateParts, dateParts } from './date-format.ts'
import { scalarExpression } from './value-expressions.ts'

// Regular expressions and substr() are the same on every kind of database; value-expressions.pg.test.ts looks at all of them.
let database: Database
beforeAll(async () => {
  database = await openTestDatabase('postgres-18')
})
afterAll(() => database[Symbol.asyncDispose]())

const names = [
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'fraction',
] as const satisfies (keyof DateParts)[]

/** The parts of each text, as numbers after one another; `no` where it does not have the form. */
async function partsOf(format: string, texts: readonly string[]): Promise<readonly string[]> {
  const parts = dateParts(sql`c`, format)
  const all = sql.join(
    names.map((name) => sql`(${parts[name]})::int`),
    ', ',
  )
  const { rows } = await database.session((session) =>
    run(
      session,
      statement<{ parts: string }>(
        'test/parts',
        sql`select case when ${parts.matches} then concat_ws(' ', ${all}) else 'no' end as parts
          from unnest(${sql.value([...texts])}::text[]) with ordinality t(c, n) order by n`,
      ),
    ),
  )
  return rows.map((row) => row.parts)
}

/** Of each text: the day, or `no`. */
async function daysOf(format: string, texts: readonly string[]): Promise<readonly string[]> {
  const property = { name: 'p', type: 'date', required: false } as const
  const { valid, value } = scalarExpression(property, { property: 'p', column: 'c', format }, sql`c`)
  const { rows } = await database.session((session) =>
    run(
      session,
      statement<{ day: string }>(
        'test/days',
        sql`select case when ${valid ?? sql.true} then (${value})::text else 'no' end as day
          from unnest(${sql.value([...texts])}::text[]) with ordinality t(c, n) order by n`,
      ),
    ),
  )
  return rows.map(({ day }) => day)
}

describe('a date format', () => {
  test.each([
    ['yyyy-MM-dd', '2026-11-21', '2026 11 21 0 0 0 0'],
    ['dd/MM/yyyy HH:mm', '21/11/2026 22:24', '2026 11 21 22 24 0 0'],
    ['yyyyMMddHHmmss', '20261121222416', '2026 11 21 22 24 16 0'],
    ['dd.MM.yyyy HH:mm:ss.SSS', '21.11.2026 22:24:16.042', '2026 11 21 22 24 16 42'],
    ['d.M.yyyy', '1.2.2026', '2026 2 1 0 0 0 0'],
    ['d.M.yyyy', '21.11.2026', '2026 11 21 0 0 0 0'],
    ['M/d/yyyy H:mm', '2/1/2026 7:05', '2026 2 1 7 5 0 0'],
    ['HH:mm', '07:05', '1970 1 1 7 5 0 0'],
    ['yyyy', '2026', '2026 1 1 0 0 0 0'],
    ['(yyyy) [MM] dd*', '(2026) [11] 21*', '2026 11 21 0 0 0 0'],
  ])('%s takes %j apart', async (format, text, parts) => {
    expect(await partsOf(format, [text])).toEqual([parts])
  })

  test.each([
    ['yyyy-MM-dd', ['2026-1-1', '26-01-01', '2026-01-01 ', ' 2026-01-01', '2026/01/01', '2026-01-01\n', '']],
    ['dd.MM.yyyy', ['21x11x2026', '21.11.2026.', '٢١.11.2026', '-1.11.2026']],
    ['d.M.yyyy', ['.11.2026', '021.11.2026', '1.2.26']],
    ['HH:mm', ['7:05', '07:05:00', '07.05']],
    ['(yyyy)*', ['2026', '(2026', '(2026)))']],
  ])('%s is not the form of %j', async (format, texts) => {
    expect(await partsOf(format, texts)).toEqual(texts.map(() => 'no'))
  })

  /** Tokens that say a whole instant, in any order, with whatever stands between them. */
  const tokens = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss', 'SSS'] as const
  const digits: Readonly<Record<(typeof tokens)[number], number>> = {
    yyyy: 4,
    MM: 2,
    dd: 2,
    HH: 2,
    mm: 2,
    ss: 2,
    SSS: 3,
  }
  const separator = fc.stringMatching(/^[-/.: ,|()[\]{}*+?^$\\TZ]{0,2}$/)
  const formats = fc.tuple(
    fc.shuffledSubarray([...tokens], { minLength: tokens.length }),
    fc.array(separator, { minLength: tokens.length, maxLength: tokens.length }),
  )

  test('reads what was written by it, whatever its order and whatever stands in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        formats,
        fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
        async ([order, between], seeds) => {
          const written = new Map(
            tokens.map((token, index) => [token, (seeds[index] ?? 0) % 10 ** digits[token]]),
          )
          const along = (piece: (token: (typeof tokens)[number]) => string) =>
            order.map((token, index) => `${piece(token)}${between[index] ?? ''}`).join('')
          const text = along((token) => String(written.get(token)).padStart(digits[token], '0'))
          const [parts] = await partsOf(
            along((token) => token),
            [text],
          )
          expect(parts).toBe(tokens.map((token) => written.get(token)).join(' '))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a date in a format', () => {
  const two = (number: number) => String(number).padStart(2, '0')
  const years = ['0000', '0001', '0004', '0100', '0400', '1900', '2000', '2023', '2024', '9999']
  /** Every month from 0 to 13, every day from 0 to 32. */
  const candidates = years.flatMap((year) =>
    Array.from({ length: 14 }, (_, month) =>
      Array.from({ length: 33 }, (_, day) => ({ year, month, day })),
    ).flat(),
  )

  test.each([
    ['dd.MM.yyyy', two],
    ['d.M.yyyy', String],
  ] as const)('%s is taken exactly if the calendar has the day', async (format, written) => {
    const texts = candidates.map(({ year, month, day }) => `${written(day)}.${written(month)}.${year}`)
    const expected = candidates.map(({ year, month, day }) => {
      const iso = `${year}-${two(month)}-${two(day)}`
      const time = Date.parse(`${iso}T00:00:00Z`)
      return year !== '0000' && !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso)
        ? iso
        : 'no'
    })
    expect(await daysOf(format, texts)).toEqual(expected)
  })
})
