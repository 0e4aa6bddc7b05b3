import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Database, Session } from './database.ts'
import { describeStatement, type LoggedStatement, loggedDatabase } from './statement-log.ts'

/** A database whose every statement finds three rows, but for one that fails. */
function threeRows(): Database {
  const session: Session = {
    query: async (text) => {
      if (text === 'fail') throw new Error('it failed')
      return { rows: [], count: 3 }
    },
    execute: async () => undefined,
    copyFrom: async () => ({ rows: 3, sha256: '' }),
  }
  const database: Database = {
    kind: 'postgres',
    location: 'nowhere',
    schema: 'public',
    temporaryTables: true,
    apart: () => database,
    session: (work) => work(session),
    transaction: (work) => work(session),
    exclusively: async (_, work) => ({ result: await work() }),
    share: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
    tryExclusive: async () => true,
    isLocked: async () => false,
    checkpoint: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
  return database
}

/** What is logged of the work of a session. */
async function loggedIn(
  work: (session: Session) => Promise<unknown>,
  of: 'session' | 'transaction' = 'session',
) {
  const found: LoggedStatement[] = []
  await loggedDatabase(threeRows(), (statement) => found.push(statement))[of](work)
  return found
}

describe('a logged database', () => {
  test.each(['session', 'transaction'] as const)(
    'tells of each statement of a %s with rows and time',
    async (of) => {
      const found = await loggedIn(async (session) => {
        await session.query('select $1', [7])
        await session.execute('create table a ()')
        await session.copyFrom('a (n)', '/people.csv', 'format csv')
      }, of)
      const milliseconds = expect.any(Number)
      expect(found).toEqual([
        { text: 'select $1', values: [7], rows: 3, milliseconds, error: undefined },
        { text: 'create table a ()', values: [], rows: undefined, milliseconds, error: undefined },
        {
          text: 'copy a (n) from stdin with (format csv)',
          values: [],
          rows: 3,
          milliseconds,
          error: undefined,
        },
      ])
    },
  )

  test('tells of one that failed, and lets it fail', async () => {
    const found = await loggedIn((session) => expect(session.query('fail')).rejects.toThrow('it failed'))
    expect(found).toMatchObject([{ text: 'fail', rows: undefined, error: 'it failed' }])
  })

  test('returns what the database returns', async () => {
    const database = loggedDatabase(threeRows(), () => undefined)
    expect(await database.session((session) => session.query('select'))).toEqual({ rows: [], count: 3 })
  })
})

const statement = { text: 'select $1, $2', values: [], rows: 2, milliseconds: 1.25, error: undefined }

describe('a statement in the file', () => {
  test('stands below its time and rows, above its values and why it failed', () => {
    const values = ["it's", { a: [1] }]
    expect(describeStatement({ ...statement, values, error: 'no such table' })).toBe(
      `-- 1.3 ms, 2 rows\nselect $1, $2;\n-- $1 = it's\n-- $2 = {"a":[1]}\n-- failed: no such table\n\n`,
    )
  })

  test('says nothing of rows where the database does not', () => {
    expect(describeStatement({ ...statement, rows: undefined })).toBe('-- 1.3 ms\nselect $1, $2;\n\n')
  })

  test('shows the beginning of a long value, and how long it is', () => {
    const described = describeStatement({ ...statement, values: ['x'.repeat(5_000)] })
    expect(described).toContain(`-- $1 = ${'x'.repeat(200)}… (5000 characters)\n`)
  })

  test('is all that is no comment, whatever its values and its failure say', () => {
    const lineBreak = fc.constantFrom(
      '\n',
      '\r',
      '\r\n',
      '\f',
      '\v',
      '\u0085',
      '\u2028',
      '\u2029',
      '; drop table a; --',
    )
    const any = fc.array(fc.oneof(fc.string(), lineBreak)).map((parts) => parts.join(''))
    const value = fc.oneof(any, fc.integer(), fc.constant(null), fc.constant(undefined), fc.array(any))
    fc.assert(
      fc.property(fc.array(value), fc.option(any, { nil: undefined }), (values, error) => {
        const lines = describeStatement({ ...statement, values, error }).split(/[\r\n\f\v\u0085\u2028\u2029]/)
        const rest = lines.filter((line) => !line.startsWith('-- ') && line !== '')
        expect(rest).toEqual(['select $1, $2;'])
      }),
    )
  })
})
