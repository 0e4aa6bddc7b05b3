import { type CelResult, CelScalar, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import type { EntityType } from '@sluice/model'
import { commas, type Database, displayOf, one, sql, statement } from '@sluice/repository'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { compileDisplay } from './compile-display.ts'

const type: EntityType = {
  name: 'Person',
  abstract: false,
  properties: [
    { name: 'first', type: 'string', required: false },
    { name: 'last', type: 'string', required: false },
    { name: 'number', type: 'integer', required: true },
    { name: 'active', type: 'boolean', required: false },
  ],
}

const expressions = [
  'last + ", " + first',
  '[last, first].filter(x, x != "").join(", ")',
  '["a", last, first, string(number)].join("|")',
  'first.upperAscii() + last.lowerAscii()',
  'last.trim() == "" ? string(number) : last.trim()',
  'active && !(last in ["", "b"]) || first.contains(last) ? "yes " + string(active) : "no"',
  'last.startsWith(first) ? "starts" : last.endsWith(first) ? "ends" : "neither"',
  'first.substring(1) + last.substring(0, 2)',
  'last.substring(1, 2) == "b" ? "b" : "other"',
  'number == 7 || number in [1, 2] ? "some" : "other"',
  'last != first ? "\'quoted\' \\\\ and % $1" : last',
]

interface Person {
  readonly first: string
  readonly last: string
  readonly number: bigint
  readonly active: boolean
}

const letters = fc.constantFrom('a', 'b', 'B', 'é', ' ', '\u00a0', '\t', '%', '_', "'", '\\', 'ß')
const text = fc.string({ unit: letters, maxLength: 4 })
const person: fc.Arbitrary<Person> = fc.record({
  first: text,
  last: text,
  number: fc.bigInt({ min: 0n, max: 9n }),
  active: fc.boolean(),
})

const environment = celEnv({
  funcs: strings,
  variables: {
    first: CelScalar.STRING,
    last: CelScalar.STRING,
    number: CelScalar.INT,
    active: CelScalar.BOOL,
  },
})

/** As CEL evaluates it, without blanks at its ends; `null` where it fails or is empty. */
function inCel(expression: string, { first, last, number, active }: Person): string | null {
  const value: CelResult = plan(environment, parse(expression))({ first, last, number, active })
  if (isCelError(value) || typeof value !== 'string') return null
  return value.replace(/^[\s\u0085]+|[\s\u0085]+$/g, '') || null
}

async function inSql(database: Database, person: Person): Promise<readonly (string | null)[]> {
  const texts = expressions.map((expression) => {
    const term = compileDisplay(expression, type.properties)
    if ('problem' in term) throw new Error(term.problem)
    const shown = displayOf({ entityTypes: new Map() }, { ...type, display: { expression, term } }, undefined)
    return shown?.text(sql`x`) ?? sql`null::text`
  })
  const { first, last, number, active } = person
  const row = sql`(select 1 as resource_id, ${sql.value(first)}::text collate "C" as first, ${sql.value(last)}::text collate "C" as last,
    ${sql.value(String(number))}::bigint as number, ${sql.value(active)}::boolean as active) x`
  const asked = statement<{ names: readonly (string | null)[] }>(
    'test/names',
    sql`select to_jsonb(array[${commas(texts)}]) as names from ${row}`,
  )
  return (await database.session((session) => one(session, asked))).names
}

describeEachDatabase('a display expression', (open) => {
  test('gives in the database what it gives in CEL, and nothing where CEL fails', async () => {
    await using database = await open()
    await fc.assert(
      fc.asyncProperty(person, async (one) => {
        expect(await inSql(database, one)).toEqual(expressions.map((each) => inCel(each, one)))
      }),
      { numRuns: 60 },
    )
  })
})
