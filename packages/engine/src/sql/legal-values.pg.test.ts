import { legalValue, type Property, type PropertyMapping, spellingOf } from '@sluice/model'
import { type Database, lookedUpAs, run, sql, statement } from '@sluice/repository'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/databases.ts'
import { fileContentExpression, scalarExpression } from './value-expressions.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('postgres-18')
})
afterAll(() => database[Symbol.asyncDispose]())

const of = (type: Exclude<Property['type'], 'enum' | 'reference'>): Property => ({
  name: 'p',
  type,
  required: false,
})
const status: Property = { name: 'p', type: 'enum', required: false, values: ['active', "on leave's", '1'] }
const words = { true: ['Ja', '1'], false: ['Nein', '0'] }

const kinds: readonly (readonly [Property, Partial<PropertyMapping>])[] = [
  [of('string'), {}],
  [of('integer'), {}],
  [of('integer'), { thousandsSeparator: "'" }],
  [of('integer'), { thousandsSeparator: '.' }],
  [of('decimal'), {}],
  [of('decimal'), { decimalSeparator: ',', thousandsSeparator: '.' }],
  [of('decimal'), { thousandsSeparator: ' ' }],
  [of('decimal'), { percent: 'fraction', trailingMinus: false }],
  [of('integer'), { percent: 'number', exponents: true }],
  [of('boolean'), {}],
  [of('boolean'), { words }],
  [of('uuid'), {}],
  [of('date'), {}],
  [of('date'), { format: 'dd/MM/yyyy' }],
  [of('date'), { format: 'd.M.yyyy' }],
  [of('datetime'), {}],
  [of('datetime'), { format: 'yyyyMMddHHmmss' }],
  [of('datetime'), { format: 'dd.MM.yyyy H:mm:ss.SSS' }],
  [status, {}],
  [of('file'), { encoding: 'base64' }],
  [of('file'), { encoding: 'hex' }],
]

/** Texts that come close to being right, and texts of every kind. */
const text = fc
  .oneof(
    fc.constantFrom(
      'active',
      'TRUE',
      'false',
      'Ja',
      'Nein',
      '0',
      '1',
      "1'234",
      '1.234,5',
      '1 234.5',
      '1\u202f234.5',
      '.5',
      '3.',
      '7-',
      '\u22127',
      ' 4 ',
      '50%',
      '12.5 %',
      '1.5E3',
      '15e-1',
      '0001-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59.9999999Z',
      '-',
      '+',
    ),
    fc.constantFrom(
      '9223372036854775807',
      '-9223372036854775808',
      '9223372036854775808',
      '0000000000000000000000012',
    ),
    fc.stringMatching(/^[-+]?[0-9]{1,4}([.,' ][0-9]{1,4}){0,3}$/),
    fc.stringMatching(/^[ \u00a0]?[-+\u2212]?[0-9]{0,3}([.,][0-9]{0,3})?([eE][-+]?[0-9]{1,2})?-? ?%?$/),
    fc.stringMatching(/^(0001|9999)-(01|12)-(01|31)T(00|12|23):00(:00)?(Z|[+-]1[0-4]:00)?$/),
    fc.stringMatching(
      /^(19|20|00)\d\d-[01]\d-[0-3]\d([T ][0-2]\d:[0-6]\d(:[0-6]\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/,
    ),
    fc.stringMatching(/^[0-3]?\d[./][01]?\d[./](19|20|00)\d\d( [0-2]?\d:[0-6]\d:[0-6]\d\.\d{3})?$/),
    fc.stringMatching(/^20\d\d[01]\d[0-3]\d[0-2]\d[0-6]\d[0-6]\d$/),
    fc.stringMatching(/^[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f-]{12}$/),
    fc.stringMatching(/^[A-Za-z0-9+/=\s]{0,12}$/),
    fc.stringMatching(/^[0-9a-f]{0,6}$/),
    fc.string({ unit: 'binary', maxLength: 20 }),
  )
  .map((value) => value.toWellFormed().replaceAll('\0', ''))

test.each(kinds)(
  'a text is a value in the database where the model says so: %j %j',
  async (property, part) => {
    const mapping: PropertyMapping = { property: 'p', column: 'c', ...part }
    const model = legalValue(property, mapping)
    if (property.type === 'reference') return
    const { valid = sql.true, expected } =
      property.type === 'file'
        ? fileContentExpression(mapping, sql`c1`)
        : scalarExpression(property, mapping, sql`c1`)
    expect(model.expected).toBe(expected)
    const texts = fc.sample(text, 1_500)
    const { rows } = await database.session((session) =>
      run(
        session,
        statement<{ legal: boolean }>(
          'test/legal',
          sql`select (${valid}) as legal from (select c1 collate "C" as c1, n from unnest(${sql.value(texts)}::text[]) with ordinality t(c1, n)) t order by n`,
        ),
      ),
    )
    const inDatabase = texts.filter((_, index) => rows[index]?.legal)
    expect(texts.filter((each) => model.isLegal(each))).toEqual(inDatabase)
    if (model.expected !== 'a text') expect(inDatabase.length).toBeLessThan(texts.length)
    expect(inDatabase.length).toBeGreaterThan(0)
  },
)

const ofNames = kinds.filter(([property, part]) => spellingOf(property, part) !== undefined)

test.each(ofNames)(
  'a name has the spelling in which the database looks it up, and no other: %j %j',
  async (property, part) => {
    const spelling = spellingOf(property, part)
    if (spelling === undefined || property.type === 'reference' || property.type === 'file')
      throw new Error('it names nobody')
    const mapping: PropertyMapping = { property: 'p', column: 'c', ...part }
    const { valid = sql.true, value } = scalarExpression(property, mapping, sql`c1`)
    const texts = fc.sample(text, 1_500)
    const { rows } = await database.session((session) =>
      run(
        session,
        statement<{ name: string | null }>(
          'test/name',
          sql`select case when ${valid} then ${lookedUpAs(property, sql`(${value})`)} end as name from (select c1 collate "C" as c1, n from unnest(${sql.value(texts)}::text[]) with ordinality t(c1, n)) t order by n`,
        ),
      ),
    )
    const found = texts.map((each, index) => [each, rows[index]?.name ?? undefined])
    expect(texts.map((each) => [each, spelling.of(each)])).toEqual(found)
    // Read again, without the source's format, it says what it said.
    const plain = spellingOf(property, {})
    const names = found.flatMap(([, name]) => name ?? [])
    expect(names.map((name) => plain?.of(name))).toEqual(names)
  },
)
