import { Buffer } from 'node:buffer'
import { sourceLock } from '@sluice/repository'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'
import { type LoadRequest, loadInto, loadRows, prepareLoad } from './load-rows.ts'

const yaml = `
entityTypes:
  Org: { display: code, properties: { code: string } }
  Server:
    display: name
    properties:
      name: string
      org: { type: reference, to: Org }
      serial: string
      status: { type: enum, values: [stock, live] }
      units: integer
      moveDate: date
      seenAt: datetime
      photo: file
sources:
  s1:
    table: true
    entities:
      Server:
        reconciliation: { rules: [[name]] }
        properties: { name: {}, org: { by: code }, serial: {}, status: {}, units: {}, moveDate: {}, seenAt: {}, photo: {} }
  hr:
    folder: .
    entities:
      Org: { file: o.csv, key: code, properties: { code: c } }
`

function tableOf(harness: EngineHarness) {
  const load = (
    csv: LoadRequest['csv'],
    request: Omit<LoadRequest, 'csv'> & { readonly signal?: AbortSignal } = {},
  ) => loadRows(harness.database, { configuration: harness.configuration, source: 's1' }, { csv, ...request })
  const staged = () =>
    harness.rows(
      'select v.*, r.status, r.absent_since is not null as absent, r.seq, r.revision from synchro_data_server_1 v join replica_s1_server r on r.key = v.primary_key order by r.seq',
    )
  return { load, staged }
}

const bytes = (text: string, encoding: BufferEncoding = 'utf8', size = 7) =>
  (async function* () {
    const all = Buffer.from(text, encoding)
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
  })()

describeWithEngine('a load', (harness) => {
  const { load, staged } = tableOf(harness)
  beforeEach(() => harness.begin(yaml))

  test('inserts new rows in the order of the file, as new replicas', async () => {
    expect(await load('key;name;units\nk2;b;2\nk1;a;1\n')).toMatchObject({
      source: 's1',
      entityType: 'Server',
      rows: 2,
      inserted: 2,
      changed: 0,
      identical: 0,
      issues: 0,
      duplicates: 0,
      warnings: 0,
    })
    expect(await staged()).toMatchObject([
      { primary_key: 'k2', name: 'b', units: '2', serial: null, status: 'new', absent: false },
      { primary_key: 'k1', name: 'a', units: '1', serial: null, status: 'new', absent: false },
    ])
  })

  test('keeps the order of the file, whatever way the database takes', async () => {
    await using prepared = await prepareLoad(harness.configuration, 's1', { csv: 'key\n3\n1\n2\n' })
    await harness.database.transaction(async (session) => {
      await session.execute('set local enable_hashjoin = off; set local enable_nestloop = off')
      await loadInto(session, harness.configuration, prepared)
    })
    expect((await staged()).map((row) => row['primary_key'])).toEqual(['3', '1', '2'])
  })

  test('writes rows that differ, and nothing of rows that are as they were', async () => {
    await load('key;name;serial\n1;a;x\n2;b;y\n3;c;z\n')
    const versions = () =>
      harness.rows(
        'select v.primary_key, v.xmin::text as row, r.xmin::text as replica from synchro_data_server_1 v join replica_s1_server r on r.key = v.primary_key order by 1',
      )
    const before = await versions()
    expect(await load('key;name;serial\n1;a;x\n2;B;y\n3;c;<NULL>\n')).toMatchObject({
      inserted: 0,
      changed: 2,
      identical: 1,
    })
    const after = await versions()
    expect(after[0]).toEqual(before[0])
    expect(after.map(({ row }, n) => row === before[n]?.['row'])).toEqual([true, false, false])
    expect(await staged()).toMatchObject([{ name: 'a' }, { name: 'B' }, { name: 'c', serial: null }])
  })

  test('leaves the columns alone that the file does not have', async () => {
    await load('key;name;serial\n1;a;x\n')
    expect(await load('serial;primary_key\ny;1\n')).toMatchObject({ changed: 1 })
    expect(await load('key\n1\n2\n')).toMatchObject({ inserted: 1, identical: 1 })
    expect(await staged()).toMatchObject([
      { name: 'a', serial: 'y' },
      { primary_key: '2', name: null },
    ])
  })

  test('notes what it misses, and that it is there again', async () => {
    await load('key;name\n1;a\n2;b\n3;c\n')
    await harness.execute("update replica_s1_server set status = 'synchronized' where key <> '3'")
    await harness.execute("update replica_s1_server set status = 'obsolete' where key = '3'")
    await load('key;name\n1;a\n')
    expect(await staged()).toMatchObject([
      { absent: false },
      { absent: true },
      { absent: true, status: 'obsolete' },
    ])
    const [missing] = await harness.rows(
      "select absent_since < (select loaded_at from sluice_load) as before_load from replica_s1_server where key = '2'",
    )
    expect(missing).toEqual({ before_load: true })
    expect(await load('key;name\n1;a\n2;b\n3;c\n')).toMatchObject({ identical: 3 })
    expect(await staged()).toMatchObject([
      { absent: false, status: 'synchronized', revision: '0' },
      { absent: false, status: 'synchronized', revision: '1' },
      { absent: false, status: 'modified', revision: '1' },
    ])
  })

  test('says of a row that it misses when that was seen last: by the load before', async () => {
    await load('key\n1\n')
    await harness.execute("update replica_s1_server set last_seen = last_seen - interval '1 day'")
    const [before] = await harness.rows('select loaded_at from sluice_load')
    await load('key\n2\n')
    const [missing] = await harness.rows("select absent_since from replica_s1_server where key = '1'")
    expect(missing?.['absent_since']).toBe(before?.['loaded_at'])
  })

  test('a header without rows misses everything', async () => {
    await load('key;name\n1;a\n')
    expect(await load('key;name\n')).toMatchObject({ rows: 0, inserted: 0, changed: 0 })
    expect(await staged()).toMatchObject([{ absent: true }])
  })

  test('takes the first sound row of a key', async () => {
    const csv = 'key;name;units\n1;bad;x\n1;first;1\n2;b;2\n1;second;3\n'
    expect(await load(csv, { mode: 'continue' })).toMatchObject({
      rows: 4,
      inserted: 2,
      issues: 1,
      duplicates: 1,
    })
    expect(await staged()).toMatchObject([{ name: 'first' }, { name: 'b' }])
  })

  test('a bad row refuses all, with line, column and key of the first ones', async () => {
    await load('key;name\n1;a\n')
    const csv = 'key;name;status\n1;A;stock\n2;"b\nb";bogus\n;c;stock\n4;d\n'
    await expect(load(csv, { file: 'servers.csv' })).rejects.toMatchObject({
      code: 'SLUICE-LOAD-01',
      message:
        'Nothing was loaded into s1: line 3 of servers.csv, row 2, column status: "bogus" is not one of stock, live. Bad, too: lines 5, 6.',
      place: { file: 'servers.csv', line: 3 },
      details: { reason: 'invalid_value' },
      issues: [
        { reason: 'invalid_value', line: 3, column: 'status', key: '2' },
        { reason: 'missing_key', line: 5, column: null, key: null },
        { reason: 'malformed_csv', line: 6, key: '4', text: 'it has 2 cells in place of 3' },
      ],
    })
    expect(await staged()).toMatchObject([{ name: 'a', absent: false }])
  })

  test('goes on at bad rows where it is told to', async () => {
    const csv =
      'key;name;status;units\n1;a;stock;1\n2;b;bogus;1\n3;c;stock;three\n4;d;stock;4\n5;e\n;f;stock;6\n'
    const result = await load(csv, { mode: 'continue' })
    expect(result).toMatchObject({ rows: 6, inserted: 2, issues: 4 })
    expect(result.notes.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'invalid_value'],
      [4, 'invalid_value'],
      [6, 'malformed_csv'],
      [7, 'missing_key'],
    ])
  })

  test('leaves a date out that is none: what is staged stays', async () => {
    await load('key;name;moveDate;seenAt\nk1;one;31/12/2020;1/2/2021 08:30\n', { dateFormat: 'j/n/Y' })
    const csv = 'key;name;moveDate;seenAt\nk1;two;2021-01-15;\nk2;new;12/31/2020;<NULL>\n'
    const result = await load(csv, { dateFormat: 'd/m/Y' })
    expect(result).toMatchObject({ inserted: 1, changed: 1, warnings: 2, issues: 0 })
    expect(result.notes).toMatchObject([
      { reason: 'invalid_date', line: 2, column: 'moveDate', key: 'k1' },
      { reason: 'invalid_date', line: 3, column: 'moveDate', key: 'k2' },
    ])
    expect(await staged()).toMatchObject([
      { name: 'two', move_date: '2020-12-31', seen_at: '' },
      { name: 'new', move_date: null, seen_at: null },
    ])
  })

  test('reads the dialect of the day', async () => {
    const csv =
      '\uFEFFkey, name ,serial,units\r\nk1,  a  ," S1 ",\r\n\r\nk2,"l1\nl2","say ""hi""","<NULL>"\r\nk3,"c, d",5" disk,<NULL>\r\n'
    expect(await load(bytes(csv), { separator: ',' })).toMatchObject({ rows: 3, inserted: 3 })
    expect(await staged()).toMatchObject([
      { name: 'a', serial: ' S1 ', units: '' },
      { name: 'l1\nl2', serial: 'say "hi"', units: null },
      { name: 'c, d', serial: '5" disk', units: null },
    ])
  })

  test('a file is three columns', async () => {
    const csv = 'key;photo_data;photo_filename;photo_mimetype\n1;aGk=;a.txt;text/plain\n'
    await load(csv)
    expect(await staged()).toMatchObject([{ photo_data: 'aGk=', photo_filename: 'a.txt' }])
    await expect(load(csv.replace('aGk=', 'a!'))).rejects.toMatchObject({ code: 'SLUICE-LOAD-01' })
  })

  test('can be taken back by the transaction it is in', async () => {
    await using prepared = await prepareLoad(harness.configuration, 's1', { csv: 'key;name\n1;a\n' })
    const taken = harness.database.transaction(async (session) => {
      expect(await loadInto(session, harness.configuration, prepared)).toMatchObject({ inserted: 1 })
      throw new Error('taken back')
    })
    await expect(taken).rejects.toThrow('taken back')
    expect(await staged()).toEqual([])
    expect(await load('key;name\n1;a\n')).toMatchObject({ inserted: 1 })
  })
})

describeWithEngine(
  'a load that is refused',
  (harness) => {
    const { load } = tableOf(harness)
    beforeEach(() => harness.begin(yaml))

    test.each([
      ['key;name;colour\n1;a;red\n', 'SLUICE-LOAD-02', 'unknown_column'],
      ['name;serial\na;b\n', 'SLUICE-LOAD-02', 'missing_key_column'],
      ['key;moveDate;move_date\n', 'SLUICE-LOAD-02', 'malformed_csv'],
      ['key;key\n', 'SLUICE-LOAD-02', 'malformed_csv'],
      ['', 'SLUICE-LOAD-02', 'missing_key_column'],
      ['key;name\n1;"a\n2;b\n', 'SLUICE-LOAD-03', 'malformed_csv'],
      ['key;name\n1;"a"b\n', 'SLUICE-LOAD-03', 'malformed_csv'],
    ])('for %j: %s', async (csv, code, reason) => {
      await expect(load(csv)).rejects.toMatchObject({ code, details: { reason } })
    })

    test.each([
      [{ separator: ';;' }, 'SLUICE-LOAD-04'],
      [{ qualifier: ';' }, 'SLUICE-LOAD-04'],
      [{ charset: 'klingon' }, 'SLUICE-LOAD-04'],
      [{ dateFormat: 'd/q/Y' }, 'SLUICE-LOAD-04'],
      [{ entityType: 'Org' }, 'SLUICE-LOAD-05'],
    ])('for the options %j: %s', async (options, code) => {
      await expect(load('key\n1\n', options)).rejects.toMatchObject({ code })
    })

    test('for a source that has no open table', async () => {
      const { database, configuration } = harness
      const loading = loadRows(database, { configuration, source: 'hr' }, { csv: 'key\n1\n' })
      await expect(loading).rejects.toMatchObject({ code: 'SLUICE-LOAD-05' })
    })
  },
  servers.slice(0, 1),
)

describeWithEngine(
  'the charset of a load',
  (harness) => {
    const { load, staged } = tableOf(harness)
    beforeEach(() => harness.begin(yaml))
    const csv = 'key;name\n1;Zoë\n'

    test.each([
      ['latin1', { charset: 'ISO-8859-1' }],
      ['utf8', {}],
      ['utf16le', { charset: 'UTF-16LE' }],
    ] as const)('%s is read as %j', async (encoding, options) => {
      await load(bytes(csv, encoding), options)
      expect(await staged()).toMatchObject([{ name: 'Zoë' }])
    })

    test('is told by a mark', async () => {
      await load(bytes(`\uFEFF${csv}`, 'utf16le', 1))
      expect(await staged()).toMatchObject([{ name: 'Zoë' }])
    })

    test('bytes that are no character refuse the load, and say the line', async () => {
      await expect(load(bytes(`key;name\n0;a\n1;Zoë\n`, 'latin1', 3))).rejects.toMatchObject({
        code: 'SLUICE-LOAD-03',
        place: { line: 3 },
      })
    })
  },
  servers.slice(0, 1),
)

describeWithEngine(
  'loads and runs of a source go one after the other',
  (harness) => {
    const { load, staged } = tableOf(harness)
    beforeEach(() => harness.begin(yaml))

    test('a load waits for whoever is at work on its source, until it is told not to', async () => {
      await harness.database.exclusively(sourceLock('s1'), async () => {
        const over = new AbortController()
        const waiting = load('key;name\n1;a\n', { signal: over.signal })
        over.abort()
        await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
      })
      expect(await staged()).toEqual([])
      expect(await load('key;name\n1;a\n')).toMatchObject({ inserted: 1 })
    })

    test('two loads at the same time insert each row once', async () => {
      const results = await Promise.all([load('key;name\n1;a\n2;b\n'), load('key;name\n1;a\n2;b\n')])
      expect(results.map(({ inserted, identical }) => inserted + identical)).toEqual([2, 2])
      expect(await staged()).toHaveLength(2)
    })
  },
  servers.slice(0, 1),
)
