import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runsOf } from '../../../test/thoroughness.ts'
import { describeWithEngine, type EngineHarness, type Tables } from '../test/engine-harness.ts'
import {
  type AssertedRow,
  type AssertedValues,
  expectedLines,
  type LinkRule,
  type ReferenceRule,
  storedLines,
} from '../test/expected-lines.ts'
import { contradictions, rowVersions } from '../test/snapshot.ts'

/**
 * Two sources, both with people (some under the same number), references both ways and to a parent type,
 * one association without and one with a single end, each source naming the ends by another property.
 */
const yaml = `
entityTypes:
  Party: { abstract: true, properties: { name: string } }
  Person:
    extends: Party
    properties:
      number: string
      grade: integer
      manager: { type: reference, to: Person }
      unit: { type: reference, to: Unit }
      sponsor: { type: reference, to: Party }
  Unit:
    extends: Party
    properties: { code: string, alias: string, head: { type: reference, to: Person } }
associations:
  Membership: { from: Person, to: Unit, properties: { weight: integer } }
  Seat: { from: Unit, to: Person, cardinality: one-to-many }
sources:
  a:
    folder: .
    thresholds: off
    entities:
      Person: &person
        file: people.csv
        key: number
        properties: { number: number, name: name, grade: grade, manager: { column: manager, by: number }, unit: { column: unit, by: alias }, sponsor: { column: sponsor, by: name } }
      Unit:
        file: units.csv
        key: code
        properties: { code: code, name: name, alias: alias, head: { column: head, by: number } }
    associations:
      Membership: { file: m.csv, from: { column: from, by: number }, to: { column: to, by: alias }, properties: { weight: weight } }
      Seat: { file: s.csv, from: { column: from, by: code }, to: { column: to, by: name } }
  b:
    folder: .
    thresholds: off
    entities:
      Person: *person
    associations:
      Membership: { file: m.csv, from: { column: from, by: name }, to: { column: to, by: code }, properties: { weight: weight } }
      Seat: { file: s.csv, from: { column: from, by: alias }, to: { column: to, by: number } }
`
const person = ['Person']
const unit = ['Unit']
const references: Readonly<Record<string, readonly ReferenceRule[]>> = {
  Person: [
    { property: 'manager', family: person, by: 'number' },
    { property: 'unit', family: unit, by: 'alias' },
    { property: 'sponsor', family: [...person, ...unit], by: 'name' },
  ],
  Unit: [{ property: 'head', family: person, by: 'number' }],
}
const ends = {
  'a Membership': [person, 'number', unit, 'alias'],
  'b Membership': [person, 'name', unit, 'code'],
  'a Seat': [unit, 'code', person, 'name'],
  'b Seat': [unit, 'alias', person, 'number'],
} as const

function endsOf({ source, name }: AssertedRow): LinkRule {
  const known = Object.entries(ends).find(([link]) => link === `${source} ${name}`)
  if (known === undefined) throw new Error(`Nobody knows the ends of ${source} ${name}`)
  const [, [from, fromBy, to, toBy]] = known
  return {
    association: name,
    from: { property: 'from', family: from, by: fromBy },
    to: { property: 'to', family: to, by: toBy },
  }
}

const numbers = ['1', '2', '3', '4']
const codes = ['u', 'v', 'w']
const aliases = ['x', 'y', 'z']
const names = ['Ann', 'Bob', 'Cid', 'Ideas', 'Sales']
const maybe = (values: readonly string[]) => fc.constantFrom('', ...values)
/** `bad` rejects the row. */
const grade = fc.constantFrom('', '1', '2', 'bad')

const people = fc.uniqueArray(
  fc.record({
    number: fc.constantFrom(...numbers),
    name: maybe(names),
    grade,
    manager: maybe(numbers),
    unit: maybe(aliases),
    sponsor: maybe(names),
  }),
  { selector: (row) => row.number, maxLength: 4 },
)
const units = fc.uniqueArray(
  fc.record({
    code: fc.constantFrom(...codes),
    name: maybe(names),
    alias: maybe(aliases),
    head: maybe(numbers),
  }),
  { selector: (row) => row.code, maxLength: 3 },
)
const weight = fc.constantFrom('', '1', '2')
const links = (from: readonly string[], to: readonly string[]) =>
  fc.uniqueArray(fc.record({ from: fc.constantFrom(...from), to: fc.constantFrom(...to), weight }), {
    selector: (row) => `${row.from} ${row.to}`,
    maxLength: 4,
  })
const seats = (from: readonly string[], to: readonly string[]) =>
  fc.uniqueArray(fc.record({ from: fc.constantFrom(...from), to: fc.constantFrom(...to) }), {
    selector: (row) => row.to,
    maxLength: 3,
  })

type AssertedTables = Readonly<Record<string, readonly AssertedValues[]>>
type Step =
  | { readonly kind: 'delivery'; readonly source: 'a' | 'b'; readonly tables: AssertedTables }
  | { readonly kind: 'drift'; readonly statements: readonly string[]; readonly first: 'a' | 'b' }

const deliveryOfA: fc.Arbitrary<Step> = fc
  .record({ Person: people, Unit: units, Membership: links(numbers, aliases), Seat: seats(codes, names) })
  .map((tables) => ({ kind: 'delivery', source: 'a', tables }))
const deliveryOfB: fc.Arbitrary<Step> = fc
  .record({ Person: people, Membership: links(names, codes), Seat: seats(aliases, numbers) })
  .map((tables) => ({ kind: 'delivery', source: 'b', tables }))

/** What another writer may do; the next deliveries of both sources assert what they asserted before. */
const drifts = fc.oneof(
  fc.constantFrom(...numbers).map((number) => `update person set grade = 99 where number = '${number}'`),
  fc
    .constantFrom(...numbers)
    .map((number) => `update person set manager_id = null where number = '${number}'`),
  fc.constantFrom(...numbers).map((number) => `update person set number = '9' where number = '${number}'`),
  fc.constantFrom(...numbers).map((number) => `delete from person where number = '${number}'`),
  fc.constantFrom(...codes).map((code) => `delete from unit where code = '${code}'`),
  fc.constantFrom(...codes).map((code) => `update unit set alias = 'q' where code = '${code}'`),
  fc
    .constantFrom(...codes)
    .map((code) => `insert into unit (code, alias, name) values ('${code}', 'x', 'Ann')`),
  fc.constant('delete from membership where weight is null'),
  fc.constant('update membership set weight = 77'),
  fc.constant(`insert into membership (source_id, from_id, to_id)
    select s.source_id, p.resource_id, u.resource_id from sluice_source s, person p, unit u on conflict do nothing`),
  fc.constant('delete from seat'),
)
const drift: fc.Arbitrary<Step> = fc
  .record({ statements: fc.array(drifts, { minLength: 1, maxLength: 3 }), first: fc.constantFrom('a', 'b') })
  .map(({ statements, first }) => ({ kind: 'drift', statements, first }))

const scenario = fc.array(
  fc.oneof(
    { arbitrary: deliveryOfA, weight: 3 },
    { arbitrary: deliveryOfB, weight: 3 },
    { arbitrary: drift, weight: 1 },
  ),
  { minLength: 2, maxLength: 6 },
)

/** The last row of each key that could be read, as long as the source names the key. */
class Sources {
  readonly #rows = new Map<string, ReadonlyMap<string, AssertedValues>>()
  readonly #tables = new Map<string, AssertedTables>()

  deliver(source: string, tables: AssertedTables): void {
    this.#tables.set(source, tables)
    for (const [name, rows] of Object.entries(tables)) {
      const before = this.#rows.get(`${source} ${name}`)
      const after = new Map<string, AssertedValues>()
      for (const row of rows) {
        const key = row['number'] ?? row['code'] ?? `${row['from']} ${row['to']}`
        const readable = row['grade'] === 'bad' ? before?.get(key) : row
        if (readable !== undefined) after.set(key, readable)
      }
      this.#rows.set(`${source} ${name}`, after)
    }
  }

  /** What the sources asserted last, with every row good: what a rejected row asserted, nobody can restore. */
  readable(): readonly (readonly [source: string, tables: AssertedTables])[] {
    const good = (row: AssertedValues) => (row['grade'] === 'bad' ? { ...row, grade: '1' } : row)
    return [...this.#tables].map(([source, tables]) => [
      source,
      Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.map(good)])),
    ])
  }

  expected(): readonly string[] {
    const statements = [...this.#rows].flatMap(([id, rows]) => {
      const [source = '', name = ''] = id.split(' ')
      return [...rows].map(([key, row]): AssertedRow => ({ source, name, key, row }))
    })
    return expectedLines(statements, references, endsOf)
  }
}

async function play(harness: EngineHarness, steps: readonly Step[]): Promise<void> {
  await harness.begin(yaml)
  const sources = new Sources()
  for (const step of steps) {
    if (step.kind === 'delivery') {
      sources.deliver(step.source, step.tables)
      await expectApplied(harness, step.source, step.tables)
    } else {
      for (const [source, tables] of sources.readable()) {
        sources.deliver(source, tables)
        await expectApplied(harness, source, tables)
      }
      for (const statement of step.statements) await harness.execute(statement)
      await expectApplied(harness, step.first, {})
      await expectApplied(harness, step.first === 'a' ? 'b' : 'a', {})
      // What the first one saw of the other's resources was not true; now it is.
      await expectApplied(harness, step.first, {})
    }
    expect(await storedLines(harness)).toEqual(sources.expected())
    expect(await contradictions(harness)).toEqual([])
  }
  for (const source of ['a', 'b', 'a']) await expectApplied(harness, source, {})
  const before = await rowVersions(harness)
  await expectApplied(harness, 'a', {})
  await expectApplied(harness, 'b', {})
  expect(await rowVersions(harness)).toEqual(before)
}

async function expectApplied(harness: EngineHarness, source: string, tables: Tables): Promise<void> {
  const { state, error } = await harness.deliver(source, tables)
  expect({ state, error }).toEqual({ state: 'applied', error: null })
}

/** `SLUICE_RUNS=…` tries so many scenarios, `SLUICE_SEED=…` others. Shrinking one would replay minutes of deliveries. */
describeWithEngine('whatever two sources say and another writer does', (harness) => {
  const numRuns = harness.kind === 'pglite' ? 1 : runsOf(4, 4)
  test('the repository is what the sources said last, and saying it again writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, (steps) => play(harness, steps)),
      { numRuns, endOnFailure: true },
    )
  }, 300_000)
})
