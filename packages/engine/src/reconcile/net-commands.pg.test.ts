import { replicaTable, run, type Session, sql, statement, Table } from '@sluice/repository'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { entityMapping, entityType, modelOf, sourceOf } from '../../test/small-model.ts'
import { RejectedRows } from '../context/rejected-rows.ts'
import { WorkTables } from '../context/work-tables.ts'
import type { RowPlace } from '../rows/row-places.ts'
import { digestOf } from '../sql/digest.ts'
import { entityShape } from '../sql/entity-shape.ts'
import { netCommands } from './net-commands.ts'

const commands = ['insert', 'update', 'delete', 'merge'] as const
type Command = (typeof commands)[number]

/** Commands about one key, in their order, and whether it was stored. */
interface CommandSequence {
  readonly key: string
  readonly stored: boolean
  readonly commands: readonly { readonly command: Command; readonly name: string }[]
}

const model = modelOf([entityType('Person', ['number', 'name'])])
const mapping = entityMapping('Person', { number: 'number', name: 'name' })
const shape = entityShape(model, mapping, new Set())
const replicas = new Table(replicaTable('hr', 'Person'))

/** With four, something is made and deleted twice before it is updated. */
const longest = 4
const before = 'as it was'

/** Every sequence of commands of a length; the last of them once with a name of its own, once with the stored one. */
function sequences(length: number): readonly (readonly Command[])[] {
  if (length === 0) return [[]]
  return sequences(length - 1).flatMap((rest) => commands.map((command) => [...rest, command]))
}

const all: readonly CommandSequence[] = Array.from({ length: longest }, (_, index) => sequences(index + 1))
  .flat()
  .flatMap((commands) =>
    [true, false].flatMap((stored) =>
      ['another', before].map((last) => ({
        key: `${stored ? 'stored' : 'unknown'} ${commands.join(' ')} ${last}`,
        stored,
        commands: commands.map((command, index) => ({
          command,
          name: index === commands.length - 1 ? last : `name ${index}`,
        })),
      })),
    ),
  )

/** What a person would do with the commands, one after the other: each that is refused, and what the others come to. */
function outcomesOf({ stored, commands }: CommandSequence): readonly string[] {
  let name = stored ? before : undefined
  let refused = 0
  for (const { command, name: next } of commands) {
    if (command === 'update' && name === undefined) refused++
    else name = command === 'delete' ? undefined : next
  }
  const change = name !== undefined ? changeOf(stored, name) : stored ? 'deleted' : undefined
  return [...Array.from({ length: refused }, () => 'refused'), ...(change === undefined ? [] : [change])]
}

/** Where the commands end that do not write the resource as it is in the end. */
function placesOf({ stored, commands }: CommandSequence) {
  let there = stored
  let refused = 0
  for (const { command } of commands) {
    if (command === 'update' && !there) refused++
    else there = command !== 'delete'
  }
  const taken = commands.length - refused
  return { refused, deletes: taken > 0 && !there ? 1 : 0, overruled: Math.max(0, taken - 1) }
}

function changeOf(stored: boolean, name: string): string | undefined {
  if (!stored) return `inserted: ${name}`
  return name === before ? undefined : `updated: ${name}`
}

/** One staged row for each command; the first command of every key comes before the second of any. */
function stagedRows(all: readonly CommandSequence[]) {
  return Array.from({ length: longest }, (_, turn) =>
    all.flatMap(({ key, commands }) => {
      const row = commands[turn]
      return row === undefined ? [] : [{ key, ...row }]
    }),
  ).flat()
}

interface RowOfOutcome {
  readonly key: string
  readonly outcome: string
}

/** What came of the commands of each key, where anything did; and what was counted. */
async function netted(
  session: Session,
  all: readonly CommandSequence[],
  {
    keyless = 0,
    rejected = [],
    places,
  }: {
    readonly keyless?: number
    /** Keys whose rows the run before has rejected. */
    readonly rejected?: readonly string[]
    readonly places?: readonly RowPlace[]
  } = {},
) {
  const rows = [
    ...stagedRows(all),
    ...Array.from({ length: keyless }, () => ({ key: null, command: 'insert', name: 'nobody' })),
  ]
  await session.execute(`
    create table sluice_rejected_row (run_id int, mapping text, file text, line bigint, key text, column_name text, value text, reason text, stands boolean, "row" jsonb);
    create table sluice_run (run_id int, source_id int, state text, rejected_run int);
    insert into sluice_run values (0, 1, 'applied');
    create table staged (_row int, _command text, number text collate "C", name text collate "C")`)
  await session.query(
    `insert into staged select n, command, key, name
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality t(command, key, name, n)`,
    [rows.map(({ command }) => command), rows.map(({ key }) => key), rows.map(({ name }) => name)],
  )
  await session.query(
    `insert into sluice_rejected_row (run_id, mapping, file, key, reason, stands) select 0, 'Person', 'p.csv', key, 'no', true from unnest($1::text[]) key`,
    [rejected],
  )
  const keys = all.filter(({ stored }) => stored).map(({ key }) => key)
  await run(
    session,
    statement(
      'test/replicas',
      sql`create table ${replicas} as select s.number as key, (1000 + row_number() over ())::bigint as resource_id, ${digestOf(shape, sql`s`)} as digest
        from (select number collate "C" as number, ${sql.literal(before)} collate "C" as name from unnest(${sql.value(keys)}::text[]) t(number)) s`,
    ),
  )
  const workTables = new WorkTables(session, { runId: 1, few: true, temporaryTables: true })
  const source = sourceOf([mapping])
  const rejectedRows = new RejectedRows(workTables)
  const sources = new Map()
  const part = {
    session,
    runId: 1,
    model,
    sources,
    workTables,
    rejectedRows,
    source,
    sourceId: 1,
    whole: false,
  }
  const counts = {
    rows: rows.length,
    read: rows.length,
    rejected: 0,
    nullKey: 0,
    duplicate: 0,
    noLink: 0,
    unchanged: 0,
  }
  const staged = {
    shape,
    rows: { table: new Table('staged'), commands: true, counts, ...(places === undefined ? {} : { places }) },
    stored: keys.length,
    rejectedBefore: rejected.length,
  }
  const compared = await netCommands(part, staged)
  const { candidates, disappeared } = compared
  const changes = sql`select number as key, case when _replica_resource_id is null then 'inserted: ' else 'updated: ' end || name as outcome
    from ${candidates.table} where _resource_id is not distinct from _replica_resource_id`
  const gone =
    disappeared === undefined
      ? sql.blank
      : sql` union all select g.key, case when r.key is null then 'unknown' else 'deleted' end
          from ${disappeared.table} g left join ${replicas} r using (key, resource_id)`
  const found = await run(
    session,
    statement<RowOfOutcome>(
      'test/outcomes',
      sql`${changes}${gone} union all select key, concat_ws(' ', 'refused', file || ':' || line) from ${await rejectedRows.table()} where not stands`,
    ),
  )
  return { compared, outcomes: found.rows.map(({ key, outcome }) => `${key} → ${outcome}`).sort() }
}

describeEachDatabase('commands', (open) => {
  test('come to what they would, one after the other, whatever their order', async () => {
    await using database = await open()
    const { outcomes } = await database.transaction((session) => netted(session, all))
    const expected = all.flatMap((sequence) =>
      outcomesOf(sequence).map((outcome) => `${sequence.key} → ${outcome}`),
    )
    expect(outcomes).toEqual(expected.sort())
  })

  test('end in one place each, whatever their order', async () => {
    await using database = await open()
    const { compared } = await database.transaction((session) => netted(session, all))
    const places = all.map(placesOf)
    const sum = (of: (places: ReturnType<typeof placesOf>) => number) =>
      places.reduce((total, one) => total + of(one), 0)
    expect(compared.found).toMatchObject({
      refused: sum(({ refused }) => refused),
      deletes: sum(({ deletes }) => deletes),
      overruled: sum(({ overruled }) => overruled),
    })
  })

  const sequence = (key: string, stored: boolean, ...commands: readonly Command[]): CommandSequence => ({
    key,
    stored,
    commands: commands.map((command) => ({ command, name: 'new' })),
  })

  test('are counted: those without a key, those that a later one overrules, and what comes of the rest', async () => {
    await using database = await open()
    const { compared, outcomes } = await database.transaction((session) =>
      netted(
        session,
        [
          sequence('updated', true, 'update', 'update'),
          sequence('added', false, 'insert'),
          sequence('added too', false, 'merge'),
          sequence('deleted', true, 'update', 'delete'),
          sequence('never there', false, 'delete'),
          sequence('refused', false, 'update', 'update'),
          sequence('too late', true, 'delete', 'update'),
          sequence('too early', false, 'update', 'insert'),
        ],
        { keyless: 3 },
      ),
    )
    expect(compared.found).toMatchObject({ nullKey: 3, overruled: 2, deletes: 3, refused: 4 })
    expect(compared.candidates).toMatchObject({ count: 4, unknown: 3 })
    expect(compared.disappeared).toMatchObject({ withheld: 0 })
    expect(outcomes).toContain('refused → refused')
  })

  test('are refused where they update what is not there, with their places, though it is one alone', async () => {
    await using database = await open()
    const places = [{ row: 1, file: 'changes.csv', line: 7 }]
    const { compared, outcomes } = await database.transaction((session) =>
      netted(session, [sequence('stored', true, 'update'), sequence('unknown', false, 'update')], { places }),
    )
    expect(compared.found).toMatchObject({ refused: 1, deletes: 0 })
    expect(outcomes).toEqual(['stored → updated: new', 'unknown → refused changes.csv:8'])
  })

  test('update a row that was rejected before: its source has said that it is there', async () => {
    await using database = await open()
    const { compared, outcomes } = await database.transaction((session) =>
      netted(
        session,
        [
          sequence('mended', false, 'update'),
          sequence('deleted', false, 'delete', 'update'),
          sequence('stored', true, 'update'),
        ],
        { rejected: ['mended'] },
      ),
    )
    expect(compared.found).toMatchObject({ refused: 1 })
    expect(outcomes).toEqual(['deleted → refused', 'mended → inserted: new', 'stored → updated: new'])
  })

  test('that say nothing new leave nothing to do', async () => {
    await using database = await open()
    const { compared, outcomes } = await database.transaction((session) =>
      netted(session, [{ key: '1', stored: true, commands: [{ command: 'merge', name: before }] }]),
    )
    expect(outcomes).toEqual([])
    expect(compared).toMatchObject({
      candidates: { count: 0 },
      disappeared: undefined,
      external: undefined,
      found: { refused: 0, deletes: 0 },
    })
  })
})
