import type { Property, PropertyMapping } from '@sluice/model'
import { type Database, run, sql, statement } from '@sluice/repository'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { fileContentExpression, scalarExpression, type ValueExpression } from './value-expressions.ts'

type Scalar = Exclude<Property, { type: 'reference' | 'file' }>

const property = (type: Exclude<Scalar['type'], 'enum'>): Scalar => ({ name: 'p', type, required: false })
const mapping = (part: Partial<PropertyMapping> = {}): PropertyMapping => ({
  property: 'p',
  column: 'c',
  ...part,
})
const scalar = (type: Exclude<Scalar['type'], 'enum'>, part: Partial<PropertyMapping> = {}) =>
  scalarExpression(property(type), mapping(part), sql`c1`)
const status: Scalar = { name: 'p', type: 'enum', required: false, values: ['active', "on leave's"] }

const german = { decimalSeparator: ',', thousandsSeparator: '.' } as const
const words = { true: ['Ja', 'WAHR', '1'], false: ['Nein', '0'] }

const expressions = {
  string: scalar('string'),
  integer: scalar('integer'),
  'integer with thousands': scalar('integer', { thousandsSeparator: "'" }),
  decimal: scalar('decimal'),
  'decimal with comma': scalar('decimal', { decimalSeparator: ',' }),
  'decimal with comma and thousands': scalar('decimal', german),
  'decimal with percent': scalar('decimal', { percent: 'fraction' }),
  'integer with exponents': scalar('integer', { exponents: true }),
  boolean: scalar('boolean'),
  'boolean with words': scalar('boolean', { words }),
  date: scalar('date'),
  'date dd/MM/yyyy': scalar('date', { format: 'dd/MM/yyyy' }),
  'date d.M.yyyy': scalar('date', { format: 'd.M.yyyy' }),
  datetime: scalar('datetime'),
  'datetime yyyyMMddHHmmss': scalar('datetime', { format: 'yyyyMMddHHmmss' }),
  'datetime dd.MM.yyyy HH:mm:ss.SSS': scalar('datetime', { format: 'dd.MM.yyyy HH:mm:ss.SSS' }),
  uuid: scalar('uuid'),
  enum: scalarExpression(status, mapping(), sql`c1`),
  'file in base64': fileContentExpression(mapping({ encoding: 'base64' }), sql`c1`),
  'file in hex': fileContentExpression(mapping({ encoding: 'hex' }), sql`c1`),
} as const satisfies Record<string, ValueExpression>
type Kind = keyof typeof expressions

/** By kind: a text of a source file, and what becomes of it; `null` is rejected. */
const readings: Readonly<Record<Kind, Readonly<Record<string, string | null>>>> = {
  string: { ' 12 ': ' 12 ', "l'été": "l'été" },
  integer: {
    '12': '12',
    '-7': '-7',
    '+7': '7',
    '007': '7',
    '9223372036854775807': '9223372036854775807',
    '-9223372036854775808': '-9223372036854775808',
    '9223372036854775808': null,
    '0000000000000000000000012': '12',
    ['9'.repeat(200_000)]: null,
    '1e3': null,
    '1.0': null,
    ' 12 ': '12',
    '\u00a012': '12',
    '12-': '-12',
    '\u221212': '-12',
    '-12-': null,
    '12\n': null,
    '0x1F': null,
    '1_000': null,
    '٣': null,
    '-': null,
    NaN: null,
  },
  'integer with thousands': {
    "1'234'567": '1234567',
    '1234': '1234',
    "12'34": null,
    "'123": null,
    "1''234": null,
  },
  decimal: {
    '12': '12',
    '-0.50': '-0.50',
    '+1.5': '1.5',
    '.5': '0.5',
    '5.': '5',
    '-.25': '-0.25',
    '7.5-': '-7.5',
    ' 4 ': '4',
    '1,5': null,
    '1e3': '1000',
    '1.5E-3': '0.0015',
    '50%': null,
    NaN: null,
    Infinity: null,
    '1.5 €': null,
    [`0.${'3'.repeat(500)}`]: `0.${'3'.repeat(500)}`,
    ['9'.repeat(200_000)]: null,
  },
  'decimal with comma': { '1,5': '1.5', '1': '1', '1.5': null, '1,': '1', ',5': '0.5' },
  'decimal with percent': { '50%': '0.50', '33.3 %': '0.333', '50': '50', '%': null },
  'integer with exponents': {
    '1.5E3': '1500',
    '1E18': '1000000000000000000',
    '1E19': null,
    '1.5E0': null,
    '7': '7',
  },
  'decimal with comma and thousands': {
    '1.234.567,89': '1234567.89',
    '1234,5': '1234.5',
    '-12.345': '-12345',
    '1.5': null,
    '1234.56': null,
    '1,234.56': null,
    '1,234,567': null,
  },
  boolean: {
    true: 'true',
    false: 'false',
    True: 'true',
    FALSE: 'false',
    yes: null,
    t: null,
    '1': null,
    on: null,
  },
  'boolean with words': {
    Ja: 'true',
    '1': 'true',
    Nein: 'false',
    '0': 'false',
    ja: null,
    true: null,
    Wahr: null,
  },
  date: {
    '2026-11-21': '2026-11-21',
    '2024-02-29': '2024-02-29',
    '2000-02-29': '2000-02-29',
    '1900-02-29': null,
    '2023-02-29': null,
    '2026-04-31': null,
    '2026-13-01': null,
    '2026-00-10': null,
    '2026-01-00': null,
    '0000-01-01': null,
    '0001-01-01': '0001-01-01',
    '9999-12-31': '9999-12-31',
    '10000-01-01': null,
    '2026-1-1': null,
    '2026-1--01': null,
    '2026-11-3a': null,
    '2026-11-2\n': null,
    '20-6-11-21': null,
    '20261121': null,
    '21/11/2026': null,
    today: null,
    infinity: null,
    J2451187: null,
    '2026-11-21T00:00:00Z': null,
  },
  'date dd/MM/yyyy': {
    '21/11/2026': '2026-11-21',
    '29/02/2024': '2024-02-29',
    '29/02/2023': null,
    '31/04/2026': null,
    '11/21/2026': null,
    '01/01/0000': null,
    '1/1/2026': null,
    '21-11-2026': null,
    '21/11/2026 ': null,
  },
  'date d.M.yyyy': {
    '1.2.2026': '2026-02-01',
    '21.11.2026': '2026-11-21',
    '31.4.2026': null,
    '1x2x2026': null,
  },
  datetime: {
    '2026-11-21': '2026-11-21 00:00:00+00',
    '2026-11-21T22:24': '2026-11-21 22:24:00+00',
    '2026-11-21T22:24:16Z': '2026-11-21 22:24:16+00',
    '2026-11-21 22:24:16.5+02:00': '2026-11-21 20:24:16.5+00',
    '2026-11-21T22:24:16-0330': '2026-11-22 01:54:16+00',
    '2026-11-21T25:61': null,
    '2026-11-21T24:00': null,
    '2026-11-21T22:24:60': null,
    '2026-02-30T10:00': null,
    '2026-02-30T10:00:00Z': null,
    '2026-13-01T10:00:00Z': null,
    '0000-01-01T10:00:00Z': null,
    '2026-11-21T22:24 CET': null,
    [`2026-11-21T22:24:16.${'1'.repeat(300)}Z`]: null,
    now: null,
  },
  'datetime yyyyMMddHHmmss': {
    '20200929220000': '2020-09-29 22:00:00+00',
    '20200931220000': null,
    '20200929250000': null,
    '20200929226100': null,
    '2020092922000': null,
  },
  'datetime dd.MM.yyyy HH:mm:ss.SSS': {
    '01.02.2026 03:04:05.678': '2026-02-01 03:04:05.678+00',
    '01.02.2026 03:04:05': null,
  },
  uuid: {
    '123e4567-e89b-12d3-a456-426614174000': '123e4567-e89b-12d3-a456-426614174000',
    '123E4567-E89B-12D3-A456-426614174000': '123e4567-e89b-12d3-a456-426614174000',
    '123e4567e89b12d3a456426614174000': null,
    '{123e4567-e89b-12d3-a456-426614174000}': null,
    '123e4567-e89b-12d3-a456-42661417400': null,
    '123e4567-e89b-12d3-a456-42661417400g': null,
    '12-e4567-e89b-12d3-a456-426614174000': null,
  },
  enum: { active: 'active', "on leave's": "on leave's", Active: null, 'active ': null },
  'file in base64': {
    'aGVsbG8=': '\\x68656c6c6f',
    'aGVs\nbG8=': '\\x68656c6c6f',
    'aGVs\fbG8=': '\\x68656c6c6f',
    aGVsbG8: null,
    '====': null,
    'aGV_bG8=': null,
    'a===': null,
  },
  'file in hex': { '68656C6c6f': '\\x68656c6c6f', '686': null, '\\x68': null, '6g': null },
}

/** Reads texts as a run does: what is not valid never meets the value's expression. */
async function read(
  database: Database,
  kind: Kind,
  texts: readonly string[],
): Promise<readonly (string | null)[]> {
  const { valid, value } = expressions[kind]
  const { rows } = await database.session((session) =>
    run(
      session,
      statement<{ value: string | null }>(
        'test/read',
        sql`select case when ${valid ?? sql.true} then (${value})::text end as value
       from (select c1 collate "C" as c1, n from unnest(${sql.value([...texts])}::text[]) with ordinality t(c1, n)) t order by n`,
      ),
    ),
  )
  return rows.map((row) => row.value)
}

/** The first text that ends a statement. */
async function culprit(
  database: Database,
  kind: Kind,
  texts: readonly string[],
): Promise<string | undefined> {
  const fails = await read(database, kind, texts).then(
    () => false,
    () => true,
  )
  if (!fails) return undefined
  const [first] = texts
  if (texts.length === 1) return `${kind}: ${first}`
  for (const text of texts) {
    const found = await culprit(database, kind, [text])
    if (found !== undefined) return found
  }
  return `${kind}: all of them together`
}

const kinds = Object.keys(expressions).filter((name): name is Kind => name in expressions)

/** Texts that come close to being right, and texts of every kind. */
const nearMisses = fc.oneof(
  fc.stringMatching(/^[-+0-9.,:TZ/ eE']{0,30}$/),
  fc.stringMatching(/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/),
  fc.stringMatching(/^\d\d[./]\d\d[./]\d{4}( \d\d:\d\d:\d\d\.\d{3})?$/),
  fc.stringMatching(/^\d{14}$/),
  fc.stringMatching(/^[0-9a-fA-F-]{36}$/),
  fc.stringMatching(/^[A-Za-z0-9+/=\s]{0,12}$/),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const text = nearMisses.map((value) => value.toWellFormed().replaceAll('\0', ''))

describeEachDatabase('values', (open) => {
  test('are read strictly: what a person would doubt is rejected', async () => {
    await using database = await open()
    for (const kind of kinds) {
      const texts = Object.keys(readings[kind])
      const found = await read(database, kind, texts)
      const pairs = texts.map((value, index) => [value.slice(0, 60), found[index] ?? null])
      const expected = Object.entries(readings[kind]).map(([value, reading]) => [value.slice(0, 60), reading])
      expect({ kind, pairs }).toEqual({ kind, pairs: expected })
    }
  })

  test('never end a statement, whatever the text', async () => {
    await using database = await open()
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 200, maxLength: 400 }), async (texts) => {
        for (const kind of kinds) expect(await culprit(database, kind, texts)).toBeUndefined()
      }),
      { numRuns: 5, endOnFailure: true },
    )
  })
})
