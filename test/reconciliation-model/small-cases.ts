/**
 * Random scenarios of several sources: few names and few values, so that rows meet one another.
 *
 * @module
 */
import fc from 'fast-check'
import type {
  NewResource,
  SourceDefinition,
  StagedRow,
} from '../../tools/conformance/reconciliation/scenario.ts'

/** A step before it is known what there is to act on: of resources and replicas a number chooses. */
export type Intent =
  | { readonly does: 'clock'; readonly seconds: number }
  | {
      readonly does: 'load' | 'sync'
      readonly source: number
      readonly rows: readonly Cells[]
      readonly how: How
    }
  | { readonly does: 'run'; readonly source: number; readonly how: How }
  | {
      readonly does: 'stage'
      readonly source: number
      readonly rows: readonly Cells[]
      readonly removes: boolean
    }
  | { readonly does: 'create'; readonly type: number; readonly cells: Cells }
  | { readonly does: 'update'; readonly resource: number; readonly cells: Cells; readonly admin: boolean }
  | { readonly does: 'delete'; readonly resource: number; readonly admin: boolean }
  | { readonly does: 'vanish'; readonly resource: number }
  | { readonly does: 'drop'; readonly source: number }
  | { readonly does: 'revert'; readonly run: number; readonly skips: boolean }

export interface How {
  readonly force: boolean
  readonly simulate: boolean
  readonly goesOn: boolean
  readonly user: boolean
  /** Columns that the file does not have. */
  readonly without: readonly string[]
}

/** A cell for each property; `<NULL>` is null. */
export type Cells = Readonly<Record<string, string>>

export interface SmallCase {
  readonly obsoleteLocks: boolean
  readonly given: readonly NewResource[]
  readonly definitions: readonly SourceDefinition[]
  readonly intents: readonly Intent[]
}

const nothing = '<NULL>'
/** As scenarios write the id of a resource. */
const idOf = (alias: string) => ['$', '{', alias, '}'].join('')
const cell = (...values: string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constant(nothing) },
  )

export const cells: fc.Arbitrary<Cells> = fc.record({
  // An alias stands for the id of a resource.
  key: fc.constantFrom('k1', 'k2', 'k3', 'K1', idOf('r1'), idOf('r3'), '99999999'),
  name: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'A') },
    { weight: 1, arbitrary: cell('c') },
  ),
  org: fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom('Demo', 'Acme', 'DM', 'AC') },
    { weight: 1, arbitrary: cell('Nobody') },
  ),
  serial: cell('S', 'T', 's'),
  units: fc.oneof(
    { weight: 8, arbitrary: cell('1', '2', '01') },
    { weight: 1, arbitrary: fc.constant('many') },
  ),
  status: fc.oneof(
    { weight: 8, arbitrary: cell('stock', 'production') },
    { weight: 1, arbitrary: fc.constant('bogus') },
  ),
  moveDate: fc.oneof(
    { weight: 8, arbitrary: cell('2020-01-02', '2021-03-04') },
    { weight: 1, arbitrary: fc.constant('02/01/2020') },
  ),
  descr: cell('d', 'e'),
  location: cell('L1', 'L2', 'L3'),
  contacts: fc.oneof(
    {
      weight: 8,
      arbitrary: cell('contact->name:X', 'contact->name:X;role:r|contact->name:Y', 'contact->name:Y'),
    },
    { weight: 1, arbitrary: fc.constantFrom('contact->name:Z', 'contact') },
  ),
  code: cell('DM', 'AC', 'x'),
  parent: cell('Demo', 'a', 'b'),
  city: cell('Rome', 'Oslo'),
  content: fc.constantFrom(
    'aGVsbG8=;h.txt;text/plain',
    'Ynll;b.txt;text/plain',
    ';;',
    'Ynll;<NULL>;text/plain',
    '<NULL>;<NULL>;<NULL>',
  ),
})

const policy = fc.constantFrom(undefined, undefined, 'master_unlocked' as const, 'write_if_empty' as const)
const attribute = policy.map((of) => (of === undefined ? {} : { policy: of }))
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })

const serverAttributes = fc
  .record({
    by: fc.constantFrom('name', 'name', 'name', 'serial', 'both'),
    org: fc.constantFrom({}, {}, { referenceBy: 'code' }, { policy: 'master_unlocked' as const }, undefined),
    nameWritten: fc.boolean(),
    serial: maybe(attribute),
    units: maybe(attribute),
    status: maybe(attribute),
    moveDate: maybe(attribute),
    descr: maybe(attribute),
    location: maybe(attribute),
    contacts: fc.constantFrom(undefined, undefined, undefined, {}),
  })
  .map(({ by, nameWritten, ...rest }) => ({
    ...rest,
    name: { ...(by === 'serial' ? {} : { reconcile: true }), ...(nameWritten ? {} : { update: false }) },
    ...(by === 'name' ? {} : { serial: { ...rest.serial, reconcile: true } }),
  }))

const organizationAttributes = fc
  .record({ name: fc.constant({ reconcile: true }), code: maybe(attribute), parent: maybe(attribute) })
  .map((of) => of)
const locationAttributes = fc.record({ name: fc.constant({ reconcile: true }), city: maybe(attribute) })
const documentAttributes = fc.record({ name: fc.constant({ reconcile: true }), content: attribute })

const typed = fc.oneof(
  { weight: 8, arbitrary: serverAttributes.map((attributes) => ({ entityType: 'Server', attributes })) },
  {
    weight: 1,
    arbitrary: organizationAttributes.map((attributes) => ({ entityType: 'Organization', attributes })),
  },
  { weight: 1, arbitrary: locationAttributes.map((attributes) => ({ entityType: 'Location', attributes })) },
  { weight: 1, arbitrary: documentAttributes.map((attributes) => ({ entityType: 'Document', attributes })) },
)

const updates: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Server: { status: 'obsolete', descr: 'gone' },
  Organization: { code: 'gone' },
  Location: { city: 'gone' },
  Document: { name: 'gone' },
}

const definition: fc.Arbitrary<SourceDefinition> = fc
  .record({
    of: typed,
    precedence: fc.constantFrom(0, 0, 10, 20),
    onZero: fc.constantFrom('create', 'create', 'create', 'error'),
    onOne: fc.constantFrom('update', 'update', 'update', 'error'),
    onMultiple: fc.constantFrom('error', 'create', 'take_first'),
    byKey: fc.constantFrom(false, false, false, false, true),
    fullLoadInterval: fc.constantFrom(0, 0, 60),
    action: fc.constantFrom('ignore', 'delete', 'delete', 'update', 'update_then_delete'),
    userDeletePolicy: fc.constantFrom('nobody', 'administrators', 'everybody'),
    guard: fc.constantFrom(undefined, { everything: false }, { everything: false }, { percent: 50 }),
    owned: fc.boolean(),
  })
  .map(({ of, precedence, onZero, onOne, onMultiple, action, owned, guard, byKey, ...rest }) => ({
    entityType: of.entityType,
    precedence,
    reconciliation: { ...(byKey ? { policy: 'primary_key' as const } : {}), onZero, onOne, onMultiple },
    ...rest,
    ...(guard === undefined ? {} : { guard }),
    ...(owned ? { owner: 'olga' } : {}),
    deletePolicy: {
      action,
      ...(action.startsWith('update') ? { update: updates[of.entityType] ?? {} } : {}),
      ...(action === 'update_then_delete' ? { retention: 30 } : {}),
    },
    attributes: Object.fromEntries(
      Object.entries(of.attributes).filter((entry) => entry[1] !== undefined),
    ) as SourceDefinition['attributes'],
  }))

const number = fc.nat({ max: 5 })
const how: fc.Arbitrary<How> = fc.record({
  force: fc.constantFrom(false, false, false, true),
  simulate: fc.constantFrom(false, false, false, false, false, true),
  goesOn: fc.boolean(),
  user: fc.constantFrom(false, false, false, false, true),
  without: fc.oneof(
    { weight: 3, arbitrary: fc.constant<string[]>([]) },
    {
      weight: 1,
      arbitrary: fc.subarray(['name', 'org', 'serial', 'units', 'location', 'descr', 'contacts'], {
        maxLength: 2,
      }),
    },
  ),
})
const rows = fc.array(cells, { maxLength: 3 })

const intent: fc.Arbitrary<Intent> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      does: fc.constantFrom('sync' as const, 'sync' as const, 'sync' as const, 'load' as const),
      source: number,
      rows,
      how,
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('run' as const), source: number, how }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('clock' as const), seconds: fc.constantFrom(5, 20, 61) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('stage' as const),
      source: number,
      rows: fc.array(cells, { minLength: 1, maxLength: 2 }),
      removes: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('create' as const), type: number, cells }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('update' as const),
      resource: fc.nat(),
      cells,
      admin: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('delete' as const), resource: fc.nat(), admin: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('vanish' as const), resource: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('drop' as const), source: number }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('revert' as const),
      // The last ones more often.
      run: fc.oneof(fc.constant(0), fc.constant(0), fc.nat({ max: 3 })),
      skips: fc.boolean(),
    }),
  },
)

const people: readonly NewResource[] = [
  { type: 'Person', as: 'x', values: { name: 'X' } },
  { type: 'Person', as: 'y', values: { name: 'Y' } },
  { type: 'Location', as: 'l1', values: { name: 'L1' } },
]
const optional: readonly NewResource[] = [
  { type: 'Location', as: 'l2', values: { name: 'L2', city: 'Oslo' } },
  {
    type: 'Server',
    as: 'r1',
    values: { name: 'a', org: 'Demo', serial: 'S', units: 2, contacts: [{ to: 'x' }] },
  },
  { type: 'Server', as: 'r2', values: { name: 'a', org: 'Acme', descr: 'd' } },
  { type: 'Server', as: 'r3', values: { name: 'b', org: 'Demo', status: 'stock', location: 'L1' } },
]

/** Sets of links of several sources stand beside one another, and the model does not know that. */
function withOneOfLinks(definitions: readonly SourceDefinition[]): readonly SourceDefinition[] {
  const first = definitions.findIndex(({ attributes }) => 'contacts' in attributes)
  return definitions.map((one, n) => {
    const { contacts: _, ...attributes } = one.attributes
    return n === first ? one : { ...one, attributes }
  })
}

export const smallCases: fc.Arbitrary<SmallCase> = fc.record({
  obsoleteLocks: fc.constantFrom(true, true, true, false),
  given: fc.subarray([...optional]).map((some) => [...people, ...some]),
  definitions: fc.array(definition, { minLength: 1, maxLength: 3 }).map(withOneOfLinks),
  intents: fc.array(intent, { minLength: 2, maxLength: 9 }),
})

const forced: How = { force: true, simulate: false, goesOn: true, user: false, without: [] }
/** Few values, so that what several runs do is about the same few resources. */
const alike = cells.map((one) => ({
  ...one,
  name: one['name'] === 'A' ? 'b' : 'a',
  org: 'Demo',
  key: one['key'] === 'k1' ? 'k1' : 'k2',
}))
const taking: fc.Arbitrary<Intent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('sync' as const),
      source: number,
      rows: fc.array(alike, { maxLength: 2 }),
      how: fc.constant(forced),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('update' as const),
      resource: fc.nat(),
      cells: alike,
      admin: fc.constant(true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('delete' as const),
      resource: fc.nat(),
      admin: fc.constant(true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('vanish' as const), resource: fc.nat() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('revert' as const),
      run: fc.constantFrom(0, 0, 1, 1, 2, 3),
      skips: fc.boolean(),
    }),
  },
)

/** Runs that are about the same resources, and are taken back, whatever came since. */
export const takenBack: fc.Arbitrary<SmallCase> = fc.record({
  obsoleteLocks: fc.constant(true),
  given: fc.subarray([...optional]).map((some) => [...people, ...some]),
  definitions: fc.array(definition, { minLength: 1, maxLength: 3 }).map((all) =>
    withOneOfLinks(
      all.map((one) => ({
        ...one,
        guard: { everything: false },
        reconciliation: { onZero: 'create', onOne: 'update', onMultiple: 'take_first' },
      })),
    ),
  ),
  intents: fc.array(taking, { minLength: 4, maxLength: 9 }),
})

/** A row of the staging table that has the columns of the source alone. */
export function stagedRow(columns: readonly string[], given: Cells): StagedRow {
  const entries = columns.flatMap((column): readonly (readonly [string, string | null])[] => {
    const text = given[column.replace(/_(data|filename|mimetype)$/, '')] ?? nothing
    const part = ['data', 'filename', 'mimetype'].findIndex((one) => column.endsWith(`_${one}`))
    const own = part < 0 ? text : (text.split(';')[part] ?? '')
    return [[column, own === nothing ? null : own]]
  })
  return { key: given['key'] ?? '', ...Object.fromEntries(entries) }
}
