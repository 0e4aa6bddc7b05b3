/**
 * What may happen to two sources, their agent, its server and the repository, one step after the other.
 *
 * @module
 */
import fc from 'fast-check'
import type { AssertedValues } from '../../packages/engine/test/expected-lines.ts'
import {
  bad,
  type Edit,
  keyOf,
  type MappingName,
  mappingNames,
  mappings,
  type SourceName,
  sourceNames,
} from './sources.ts'

/** What goes wrong with requests of the agent, from one of them on. */
export interface RequestFaults {
  readonly kind: 'lose request' | 'lose answer' | 'cut' | 'flip' | 'stop' | 'abort'
  /** The first request it happens to: of all, or of the uploads for `cut` and `flip`. */
  readonly at: number
  /** How many it happens to. */
  readonly times: number
  /** Of a body. */
  readonly byte: number
}

type AskedMode = 'incremental' | 'complete' | undefined

/** What somebody else writes into the repository. */
export interface ExternalWrite {
  readonly type: 'Person' | 'Unit' | undefined
  readonly key: string
  readonly does: 'update' | 'delete' | undefined
  readonly sql: string
}

/** Where a person who runs the stages one by one stops. */
export const stageNames = ['export', 'prepare', 'deliver', 'synchronize'] as const

export type Step =
  | {
      readonly kind: 'sync'
      readonly source: SourceName
      readonly edits: readonly Edit[]
      readonly mode: AskedMode
      readonly force: boolean
      readonly faults: RequestFaults | undefined
    }
  | {
      readonly kind: 'stages'
      readonly source: SourceName
      readonly edits: readonly Edit[]
      readonly mode: AskedMode
      readonly upTo: (typeof stageNames)[number]
      readonly faults: RequestFaults | undefined
    }
  | { readonly kind: 'decide'; readonly source: SourceName; readonly approve: boolean }
  | OutsideFault

/** What goes wrong, or is done, outside of agent and network. */
export type OutsideFault =
  | { readonly kind: 'external write'; readonly write: ExternalWrite }
  | {
      readonly kind: 'tamper'
      readonly source: SourceName
      readonly where: 'reference' | 'outbox'
      readonly mapping: MappingName
    }
  | { readonly kind: 'forget'; readonly source: SourceName; readonly what: 'state' | 'outbox' }
  | { readonly kind: 'back up' }
  | { readonly kind: 'restore' }
  | { readonly kind: 'restore state'; readonly source: SourceName }
  | { readonly kind: 'expire' }
  | { readonly kind: 'restart' }

export interface Scenario {
  readonly thresholds: string
  readonly steps: readonly Step[]
  /** Whose agent forgets, in the end, what it has delivered, when some of it cannot be read. */
  readonly forgets: SourceName | undefined
}

const numbers = ['1', '2', '3', '4']
const codes = ['u', 'v', 'w']
const maybe = (values: readonly string[]) => fc.constantFrom('', ...values)
const weight = fc.oneof({ weight: 8, arbitrary: fc.constantFrom('', '1', '2') }, fc.constant(bad))
const links = (to: readonly string[]): fc.Arbitrary<AssertedValues> =>
  fc.record({ from: fc.constantFrom(...numbers), to: fc.constantFrom(...to), weight })

const rows: Readonly<Record<MappingName, fc.Arbitrary<AssertedValues>>> = {
  Person: fc.record({
    number: fc.constantFrom(...numbers),
    name: maybe(['Ann', 'Bob', 'Cid']),
    grade: fc.oneof({ weight: 8, arbitrary: fc.constantFrom('', '1', '2') }, fc.constant(bad)),
    manager: maybe(numbers),
    unit: maybe(codes),
  }),
  Mentorship: links(numbers),
  Unit: fc.record({
    code: fc.constantFrom(...codes),
    name: maybe(['Ideas', 'Sales']),
    lead: maybe(numbers),
  }),
  Membership: links(codes),
}

function editOf(source: SourceName): fc.Arbitrary<Edit> {
  const own = fc.constantFrom(...mappingNames.filter((mapping) => mappings[mapping].source === source))
  return own.chain((mapping) => {
    const row = rows[mapping]
    const key = row.map((one) => keyOf(mapping, one))
    const keyless = row.map((one) => ({ ...one, [mappings[mapping].key[0] ?? '']: '' }))
    return fc.oneof(
      { weight: 12, arbitrary: row.map((one): Edit => ({ kind: 'set', mapping, row: one })) },
      { weight: 5, arbitrary: key.map((one): Edit => ({ kind: 'remove', mapping, key: one })) },
      { weight: 2, arbitrary: row.map((one): Edit => ({ kind: 'add', mapping, row: one })) },
      { weight: 1, arbitrary: keyless.map((one): Edit => ({ kind: 'add', mapping, row: one })) },
      { weight: 1, arbitrary: fc.constant<Edit>({ kind: 'empty', mapping }) },
      { weight: 4, arbitrary: key.map((one): Edit => ({ kind: 'spoil', mapping, key: one })) },
    )
  })
}

/** Mostly no faults: what happens afterwards counts as well. */
const faults = fc.option(
  fc.record<RequestFaults>({
    kind: fc.constantFrom('lose request', 'lose answer', 'cut', 'flip', 'stop', 'abort'),
    at: fc.nat(9),
    times: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
    byte: fc.nat(40),
  }),
  { nil: undefined, freq: 2 },
)

const mode = fc.constantFrom<AskedMode>(undefined, undefined, undefined, 'incremental', 'complete')

const source = fc.constantFrom(...sourceNames)

const work: fc.Arbitrary<Step> = source.chain((name) => {
  const common = { source: fc.constant(name), edits: fc.array(editOf(name), { maxLength: 4 }), mode, faults }
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('sync' as const),
        force: fc.boolean(),
        ...common,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('stages' as const),
        upTo: fc.constantFrom(...stageNames),
        ...common,
      }),
    },
  )
})

const personUpdate = fc.constantFrom(...numbers).map(
  (key): ExternalWrite => ({
    type: 'Person',
    key,
    does: 'update',
    sql: `update person set grade = 99 where number = '${key}'`,
  }),
)
const personDelete = fc.constantFrom(...numbers).map(
  (key): ExternalWrite => ({
    type: 'Person',
    key,
    does: 'delete',
    sql: `delete from person where number = '${key}'`,
  }),
)
const unitUpdate = fc.constantFrom(...codes).map(
  (key): ExternalWrite => ({
    type: 'Unit',
    key,
    does: 'update',
    sql: `update unit set name = 'another writer' where code = '${key}'`,
  }),
)
const unitDelete = fc.constantFrom(...codes).map(
  (key): ExternalWrite => ({
    type: 'Unit',
    key,
    does: 'delete',
    sql: `delete from unit where code = '${key}'`,
  }),
)
const otherWrite = fc
  .constantFrom(
    `update person set manager_id = null`,
    `update unit set lead_id = (select min(resource_id) from person)`,
    `update membership set weight = 77`,
    `delete from membership where weight is null`,
    `delete from mentorship`,
    `insert into person (number, name) values ('1', 'another writer')`,
    `insert into membership (source_id, from_id, to_id)
     select s.source_id, p.resource_id, u.resource_id from sluice_source s, person p, unit u where s.name = 'it' on conflict do nothing`,
  )
  .map((sql): ExternalWrite => ({ type: undefined, key: '', does: undefined, sql }))

const write = fc
  .oneof(personUpdate, personDelete, unitUpdate, unitDelete, otherWrite)
  .map((one): OutsideFault => ({ kind: 'external write', write: one }))

const outsideFault: fc.Arbitrary<OutsideFault> = fc.oneof(
  { weight: 3, arbitrary: write },
  fc.record({
    kind: fc.constant('tamper' as const),
    source,
    where: fc.constantFrom('reference' as const, 'outbox' as const),
    mapping: fc.constantFrom(...mappingNames),
  }),
  fc.record({
    kind: fc.constant('forget' as const),
    source,
    what: fc.constantFrom('state' as const, 'outbox' as const),
  }),
  { weight: 2, arbitrary: fc.constant<OutsideFault>({ kind: 'back up' }) },
  { weight: 3, arbitrary: fc.constant<OutsideFault>({ kind: 'restore' }) },
  fc.record({ kind: fc.constant('restore state' as const), source }),
  fc.constant<OutsideFault>({ kind: 'expire' }),
  fc.constant<OutsideFault>({ kind: 'restart' }),
)

/** A copy that nobody puts back is not made, because that takes long; the server starts anew all the same. */
function withoutIdleBackups(steps: readonly Step[]): readonly Step[] {
  return steps.map((step, at) => {
    if (step.kind !== 'back up') return step
    const next = steps.slice(at + 1).find(({ kind }) => /^(?:back up|restore|restore state)$/.test(kind))
    return next === undefined || next.kind === 'back up' ? { kind: 'restart' } : step
  })
}

/** Not too short, because to begin and to end one takes as long as six steps. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  thresholds: fc.constantFrom('off', 'off', '{ deleted: { count: 1 } }'),
  steps: fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: work },
        { weight: 4, arbitrary: outsideFault },
        {
          weight: 1,
          arbitrary: fc.record({ kind: fc.constant('decide' as const), source, approve: fc.boolean() }),
        },
      ),
      { minLength: 3, maxLength: 10, size: 'max' },
    )
    .map(withoutIdleBackups),
  forgets: fc.constantFrom(undefined, ...sourceNames),
})
