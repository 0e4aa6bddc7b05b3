import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RecordOptions, record, surroundings } from '../../test/recorded-export.ts'
import { kindsOfDatabase, openPostgresql, type ReadDatabase } from '../../test/sql-databases.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'

const secrets = { PASSWORD: 'sluice' }

describe.each(kindsOfDatabase)('the connector for $name', ({ name, dialect, open }) => {
  let opened: ReadDatabase
  beforeAll(async () => {
    opened = await open()
    await opened.execute(`
      create table department (code varchar(10) primary key, title varchar(50));
      create table person (id bigint primary key, name varchar(50), pay ${dialect.decimal}, photo ${dialect.bytes}, active ${dialect.boolean},
        born date, seen ${dialect.instant}, left_at ${dialect.moment}, department varchar(10) references department (code),
        changed ${dialect.instant}, gone integer, foreign key (department) references department (code));
      create table member (person bigint references person (id), department varchar(10) references department (code), primary key (person, department),
        foreign key (person) references person (id), foreign key (department) references department (code));
      create table many (n integer primary key, text varchar(100));
      insert into department values ('it', 'IT'), ('hr', 'Human "Resources"');
      insert into person values
        (9223372036854775807, 'Ann, "the first"', ${quotedIn(name, '12345678901234567890.1234567890')}, ${bytesOf(name)}, true, '1990-02-28',
          '2026-11-30 08:30:00', '2026-11-30 08:30:00', 'it', '2026-11-30 08:30:00', 0),
        (2, '', null, null, false, null, null, null, null, '2026-11-30 09:30:00', 1),
        (3, 'Zoë
Zett', ${quotedIn(name, '0.1000000000')}, null, null, null, null, null, 'hr', '2026-11-30 09:00:00', 0);
      insert into member values (3, 'it'), (3, 'hr');
      ${manyRows(name)}`)
  })
  afterAll(() => opened[Symbol.asyncDispose]())

  const exported = (
    tables: Readonly<Record<string, unknown>>,
    wanted: Readonly<Record<string, readonly string[]>>,
    more: RecordOptions = {},
  ) => record(opened.connector, { ...opened.options, tables }, wanted, { secrets, ...more })

  test('writes values as exact as they are, and tells none from an empty one', async () => {
    const columns = ['id', 'name', 'pay', 'photo', 'active', 'born', 'seen', 'left_at']
    const { tables, statement } = await exported({ person: {} }, { 'person.csv': columns })
    const [, ...rows] = tables['person.csv'] ?? []
    const byId = rows.toSorted(
      ([one = ''], [other = '']) => one.length - other.length || one.localeCompare(other),
    )
    const time =
      name === 'SQLite'
        ? ['2026-11-30 08:30:00', '2026-11-30 08:30:00']
        : ['2026-11-30T08:30:00Z', '2026-11-30T08:30:00']
    const [yes, no] = name === 'SQLite' ? ['1', '0'] : ['true', 'false']
    const none = undefined
    expect(byId).toEqual([
      ['2', '', none, none, no, none, none, none],
      ['3', 'Zoë\nZett', '0.1000000000', none, none, none, none, none],
      [
        '9223372036854775807',
        'Ann, "the first"',
        '12345678901234567890.1234567890',
        '00ff10',
        yes,
        '1990-02-28',
        ...time,
      ],
    ])
    expect(statement).toEqual({ complete: true })
  })

  test('reads a table by its name, and a query, which may end in a semicolon and a comment', async () => {
    const query = `select count(*) as "How many" from person -- all of them;`
    const { tables } = await exported(
      { units: { table: 'department' }, count: { query: `${query}\n;\n` } },
      { 'units.csv': ['code'], 'count.csv': ['How many'] },
    )
    expect(tables['units.csv']?.toSorted()).toEqual([['code'], ['hr'], ['it']])
    expect(tables['count.csv']).toEqual([['How many'], ['3']])
  })

  test('hands out many rows piece by piece, and waits where they cannot be written yet', async () => {
    let [writing, most] = [0, 0]
    const onRow = async () => {
      writing++
      most = Math.max(most, writing)
      await Promise.resolve()
      writing--
    }
    const { tables } = await exported({ many: {} }, { 'many.csv': ['n', 'text'] }, { onRow })
    const rows = tables['many.csv'] ?? []
    expect(rows).toHaveLength(25_001)
    expect(new Set(rows.map(([n]) => n)).size).toBe(25_001)
    expect(most).toBe(1)
  })

  describe('where a column tells changes', () => {
    const table = { person: { changed: 'changed', deleted: 'gone' } }
    const wanted = { 'person.csv': ['id', 'name'] }

    test('brings what is not older than last time, deletes what says so, and leaves it out of a complete', async () => {
      const first = await exported(table, wanted)
      const ids = first.tables['person.csv']?.map(([id]) => id) ?? []
      expect(ids.toSorted()).toEqual(['3', '9223372036854775807', 'id'])
      const second = await exported(table, wanted, { mode: 'incremental', cookies: first.cookies })
      expect(second.statement).toEqual({ complete: true })
      expect(second.tables['person.csv']).toEqual([
        ['command', 'id', 'name'],
        ['delete', '2', ''],
      ])
    })

    test('reads again what is as old as overlap', async () => {
      const longer = { person: { ...table.person, overlap: '30m' } }
      const { cookies } = await exported(longer, wanted)
      const { tables } = await exported(longer, wanted, { mode: 'incremental', cookies })
      const [, ...rows] = tables['person.csv'] ?? []
      expect(rows.toSorted(([, one = ''], [, other = '']) => one.localeCompare(other))).toEqual([
        ['delete', '2', ''],
        ['merge', '3', 'Zoë\nZett'],
      ])
    })

    test('brings everything where nothing is known of last time, or it was another question', async () => {
      const none = await exported(table, wanted, { mode: 'incremental' })
      expect(none.statement).toEqual({ complete: true, mode: 'complete' })
      const { cookies } = await exported({ person: { changed: 'changed' } }, wanted)
      const other = await exported(table, wanted, { mode: 'incremental', cookies })
      expect(other.statement).toEqual({ complete: true, mode: 'complete' })
      expect(other.tables['person.csv']?.[0]).toEqual(['id', 'name'])
    })

    test('says that deleted rows are not seen where no column says so', async () => {
      const blind = { person: { changed: 'id' } }
      const { cookies } = await exported(blind, wanted)
      const { statement, tables } = await exported(blind, wanted, { mode: 'incremental', cookies })
      expect(statement.note).toBe(
        'Deleted rows of person.csv are not seen by a column; a complete finds them.',
      )
      expect(tables['person.csv']).toEqual([
        ['command', 'id', 'name'],
        ['merge', '9223372036854775807', 'Ann, "the first"'],
      ])
    })
  })

  test('names the column that is missing, and one like it', async () => {
    const failed = exported({ person: {} }, { 'person.csv': ['id', 'nam'] })
    await expect(failed).rejects.toThrow(/^person\.csv has no column "nam" in /)
    await expect(failed).rejects.toMatchObject({ remedy: expect.stringContaining('name') })
  })

  test('says in a sentence that there is no such table, and does not try again', async () => {
    const failed = exported({ people: {} }, { 'people.csv': ['id'] })
    await expect(failed).rejects.toThrow(ManagedSystemError)
    await expect(failed).rejects.toMatchObject({ passing: false })
    await expect(failed).rejects.toThrow(/people/)
  })

  test('reads and never writes, not even by a function that does', async () => {
    await opened.execute(eraserOf(name))
    const query = hasFunctions(name) ? 'select erase() as person' : 'delete from member'
    await expect(exported({ x: { query } }, { 'x.csv': ['person'] })).rejects.toThrow(ManagedSystemError)
    const { tables } = await exported({ member: {} }, { 'member.csv': ['person'] })
    expect(tables['member.csv']).toHaveLength(3)
  })

  test('ends when it is stopped', async () => {
    const stopping = new AbortController()
    let rows = 0
    const onRow = () => {
      rows++
      if (rows === 10) stopping.abort()
      return undefined
    }
    const stopped = exported({ many: {} }, { 'many.csv': ['n'] }, { signal: stopping.signal, onRow })
    await expect(stopped).rejects.toThrow()
    expect(rows).toBeLessThan(25_000)
  })

  test('tells what is visible: the server, and how many rows each table has', async () => {
    const options = {
      ...opened.options,
      tables: { department: {}, nobody: { query: 'select * from person where 1 = 0' } },
    }
    const { facts, warnings } = await opened.connector.with(options).check(surroundings({ secrets }))
    expect(Object.values(facts).join(' ')).toMatch(/(PostgreSQL|MariaDB|SQLite|DuckDB) v?\d+\./)
    expect(facts).toMatchObject({ 'department.csv': '2 rows', 'nobody.csv': '0 rows' })
    expect(warnings).toEqual(['nobody.csv would be empty: look at the table, and at the rights of the user.'])
  })

  test('finds tables, types, keys and what refers to what', async () => {
    const options = { ...opened.options, tables: {} }
    const { tables } = await opened.connector.with(options).discover(surroundings({ secrets }))
    const [department, , member, person] = [...tables].sort((one, other) =>
      one.name.localeCompare(other.name),
    )
    expect(department).toMatchObject({
      file: 'department.csv',
      kind: 'entities',
      columns: [{ name: 'code', type: 'text', key: true }, { name: 'title' }],
    })
    expect(member).toMatchObject({
      kind: 'links',
      columns: [
        { name: 'person', references: { file: 'person.csv', column: 'id' } },
        { name: 'department', references: { file: 'department.csv', column: 'code' } },
      ],
    })
    expect(person?.columns.find((column) => column.name === 'department')?.references?.file).toBe(
      'department.csv',
    )
    expect(person?.columns[0]).toMatchObject({ name: 'id', type: 'integer', key: true })
  })
})

test('PostgreSQL writes the same by itself as row by row', async () => {
  await using opened = await openPostgresql()
  const columns = [
    'texts',
    'flags',
    'times',
    'nested',
    'instant',
    'moment',
    'bytes',
    'day',
    'span',
    'small',
    'empty',
  ]
  await opened.execute(`create table odd as select
    array['a,b', 'c"d', null, '', 'NULL'] as texts, array[true, false] as flags, array['2026-11-30 08:30:00.5+02'::timestamptz] as times,
    array[[1, 2], [3, 4]] as nested, 'infinity'::timestamptz as instant, '0044-03-15 12:00:00 BC'::timestamp as moment, '\\x00ff'::bytea as bytes,
    '-infinity'::date as day, '1 day 02:03:04'::interval as span, 1e-20::float8 as small, null::text as empty
    union all select null, null, null, null, now(), now(), null, null, null, null, ''`)
  const read = (wanted: readonly string[]) =>
    record(opened.connector, { ...opened.options, tables: { odd: {} } }, { 'odd.csv': wanted }, { secrets })
  const { tables } = await read(columns)
  // A single column is read row by row.
  const singly = await Promise.all(
    columns.map(async (column) => (await read([column])).tables['odd.csv'] ?? []),
  )
  expect(tables['odd.csv']).toEqual([0, 1, 2].map((row) => singly.map((cells) => cells[row]?.[0])))
})

function quotedIn(name: string, number: string): string {
  return name === 'SQLite' ? `'${number}'` : number
}

function bytesOf(name: string): string {
  if (name === 'DuckDB') return `unhex('00ff10')`
  return name === 'PostgreSQL' ? `'\\x00ff10'` : `x'00ff10'`
}

function manyRows(name: string): string {
  if (name === 'PostgreSQL') return `insert into many select n, 'Row ' || n from generate_series(1, 25000) n`
  const counted = `with recursive counted as (select 1 as n union all select n + 1 from counted where n < 25000)`
  return name === 'MariaDB'
    ? `insert into many ${counted} select n, concat('Row ', n) from counted`
    : `insert into many ${counted} select n, 'Row ' || n from counted`
}

function hasFunctions(name: string): boolean {
  return name === 'PostgreSQL' || name === 'MariaDB'
}

/** A function that deletes, which a reader may call. */
function eraserOf(name: string): string {
  if (!hasFunctions(name)) return 'select 1'
  return name === 'PostgreSQL'
    ? `create function erase() returns bigint language sql as 'delete from member returning person'`
    : `create function erase() returns bigint modifies sql data begin delete from member; return 1; end; grant execute on hr.* to reader`
}
