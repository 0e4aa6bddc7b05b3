import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { type RecordOptions, record, surroundings } from '../../test/recorded-export.ts'
import { singer } from './connector.ts'

const tap = fileURLToPath(new URL('../../test/tap.mjs', import.meta.url))
const ann = { id: 1, name: { first: 'Ann', last: null }, pay: 'PAY', mails: ['a@x', 'b@x'], changed: 1 }
const bob = { id: 2, name: { first: 'Bob' }, mails: [], changed: 2 }

const secrets = { PASSWORD: 'correct horse' }
const wanted = { 'people.csv': ['id', 'name.first', 'pay', 'mails'], 'units.csv': ['code'] }

function optionsOf(config: Readonly<Record<string, unknown>> = {}) {
  return {
    command: [process.execPath, tap],
    config: { people: [ann, bob], ...config },
    secrets: { 'auth.password': { environment: 'PASSWORD' } },
    tables: { people: {}, units: { stream: 'hr-units' } },
  }
}

const exported = (options: unknown, more: RecordOptions = {}) =>
  record(singer, options, wanted, { secrets, ...more })

describe('a tap', () => {
  test('has its streams written as tables, with points for what lies deeper and all digits of numbers', async () => {
    const { tables, statement } = await exported(optionsOf())
    expect(statement).toEqual({ complete: true })
    expect(tables).toEqual({
      'people.csv': [
        ['id', 'name.first', 'pay', 'mails'],
        ['1', 'Ann', '12345678901234567890.10', 'a@x|b@x'],
        ['2', 'Bob', undefined, undefined],
      ],
      'units.csv': [['code'], ['it']],
    })
  })

  test('is given its state by an incremental, which brings what has changed and what was deleted', async () => {
    const { cookies } = await exported(optionsOf())
    // What the configuration holds is the managed system here, so the state has to be taken for that of the other one.
    const next = [
      { ...ann, name: { first: 'Anna' }, changed: 3 },
      { id: 2, changed: 4, _sdc_deleted_at: '2026-11-30T08:00:00Z' },
      bob,
    ]
    const options = optionsOf({ people: next })
    const moved = withSearch(cookies, (await exported(options)).cookies)
    const {
      tables,
      statement,
      cookies: after,
    } = await exported(options, { mode: 'incremental', cookies: moved })
    expect(statement).toEqual({ complete: true })
    expect(tables['people.csv']?.map((row) => row.slice(0, 3))).toEqual([
      ['command', 'id', 'name.first'],
      ['merge', '1', 'Anna'],
      ['delete', '2', undefined],
    ])
    expect(tables['units.csv']).toEqual([['code'], ['it']])
    const same = await exported(options, { mode: 'incremental', cookies: after })
    expect(same.tables['people.csv']).toHaveLength(1)
  })

  test('without a state, or with that of another configuration, brings everything', async () => {
    const { cookies } = await exported(optionsOf({ people: [ann] }))
    for (const before of [new Map<string, string>(), cookies]) {
      const { statement, tables } = await exported(optionsOf(), { mode: 'incremental', cookies: before })
      expect(statement).toEqual({ complete: true, mode: 'complete' })
      expect(tables['people.csv']).toHaveLength(3)
    }
  })

  test('that begins a stream anew brings everything, for what is gone is in no change', async () => {
    const { cookies } = await exported(optionsOf({ version: 1 }))
    const options = optionsOf({ version: 2 })
    const moved = withSearch(cookies, (await exported(options)).cookies)
    const { statement, tables } = await exported(options, { mode: 'incremental', cookies: moved })
    expect(statement).toMatchObject({ complete: true, mode: 'complete' })
    expect(tables['people.csv']).toHaveLength(3)
  })

  test('leaves deleted records out of everything', async () => {
    const gone = { id: 3, changed: 3, _sdc_deleted_at: '2026-11-30T08:00:00Z' }
    const { tables } = await exported(optionsOf({ people: [ann, gone] }))
    expect(tables['people.csv']).toHaveLength(2)
  })

  test('has a row for each item of a list that is named as links', async () => {
    const options = { ...optionsOf(), tables: { mails: { stream: 'people', links: 'mails' } } }
    const { tables } = await record(singer, options, { 'mails.csv': ['id', 'mails'] }, { secrets })
    expect(tables['mails.csv']?.slice(1)).toEqual([
      ['1', 'a@x'],
      ['1', 'b@x'],
    ])
  })

  test.each([
    ['ends with a status', { fails: 'status' }, / ended with status 3\./],
    ['breaks off', { fails: 'cut off' }, /writes a line that is no message \(line \d+\): \{"type": "RECORD"/],
    ['writes something else', { fails: 'chatty' }, /writes a line that is no message .*Done!/],
  ])('that %s has failed', async (_, config, message) => {
    await expect(exported(optionsOf(config))).rejects.toThrow(message)
  })

  test('that refuses says why in the message, which shows no secret', async () => {
    const wrong = exported(optionsOf(), { secrets: { PASSWORD: 'not it' } })
    await expect(wrong).rejects.toThrow(/ended with status 1\. It says: .*CRITICAL the password is wrong$/)
    await expect(wrong).rejects.not.toThrow(/not it/)
  })

  test('that is not there, has no such stream or no such property is named', async () => {
    const missing = exported({ ...optionsOf(), command: ['tap-nowhere'] })
    await expect(missing).rejects.toThrow(/^tap-nowhere could not be started/)
    const stream = exported({ ...optionsOf(), tables: { people: { stream: 'hr-poeple' }, units: {} } })
    await expect(stream).rejects.toMatchObject({ remedy: expect.stringContaining('hr-people') })
    const column = record(singer, optionsOf(), { 'people.csv': ['id', 'nmae.first'] }, { secrets })
    await expect(column).rejects.toThrow('people.csv has no column "nmae.first" in the stream people.')
  })

  test('is ended with all it has started when it is stopped, and its configuration goes', async () => {
    const stopping = new AbortController()
    const exporting = exported(optionsOf({ fails: 'hangs' }), {
      signal: stopping.signal,
      onRow: () => {
        stopping.abort(new Error('stopped'))
        return undefined
      },
    })
    await expect(exporting).rejects.toThrow('stopped')
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('sluice-tap-'))).toEqual([])
  })

  test('has its configuration in a file that nobody else may read', async () => {
    const log: string[] = []
    const context = { ...surroundings({ secrets }), log: (text: string) => void log.push(text) }
    await singer.with(optionsOf()).check(context)
    expect(log).toContain('INFO mode of the configuration: 600')
  })
})

test('check names the streams, and what they do not see', async () => {
  const { facts, warnings } = await singer.with(optionsOf()).check(surroundings({ secrets }))
  expect(facts).toMatchObject({
    streams: '2',
    'people.csv': 'people, INCREMENTAL',
    'units.csv': 'units, FULL_TABLE',
  })
  expect(warnings).toEqual([
    'Deleted records of people.csv are not seen by an incremental: run a complete now and then.',
  ])
})

test('discover finds streams, keys and types', async () => {
  const { tables, notes } = await singer.with(optionsOf()).discover(surroundings({ secrets }))
  expect(notes).toEqual([])
  expect(tables[0]).toMatchObject({ file: 'people.csv', options: { stream: 'hr-people' } })
  expect(tables[0]?.columns).toEqual([
    { name: 'id', type: 'integer', key: true },
    { name: 'name.first', type: 'text' },
    { name: 'name.last', type: 'text' },
    { name: 'pay', type: 'decimal' },
    { name: 'mails', type: 'text', minor: true },
    { name: 'changed', type: 'integer' },
    { name: '_sdc_deleted_at', type: 'datetime' },
  ])
})

describe('a recorded tap', () => {
  const schema = `{"type": "SCHEMA", "stream": "issues", "schema": {"type": ["null", "object"], "additionalProperties": false, "properties": {"id": {"type": ["null", "integer"]}, "user": {"type": ["null", "object"], "properties": {"login": {"type": ["null", "string"]}}}, "labels": {"type": ["null", "array"], "items": {"type": ["null", "object"], "properties": {"name": {"type": ["null", "string"]}}}}}}, "key_properties": ["id"], "bookmark_properties": ["updated_at"]}`
  const recording = [
    '{"type": "STATE", "value": {"currently_syncing": "issues", "bookmarks": {}}}',
    schema,
    '{"type": "RECORD", "stream": "issues", "record": {"id": 7, "user": {"login": "ann"}, "labels": [{"name": "bug"}, {"name": "ui"}]}, "time_extracted": "2026-11-30T08:00:00.000000Z"}',
    '{"type": "SCHEMA", "stream": "others", "schema": {}, "key_properties": []}',
    '{"type": "RECORD", "stream": "others", "record": {"x": 1}}',
    '{"type": "RECORD", "stream": "issues", "record": {"id": 8, "user": null, "labels": []}}',
    '{"type": "METRIC", "metric": "x"}',
    '{"type": "STATE", "value": {"currently_syncing": null, "bookmarks": {"acme/site": {"issues": {"since": "2026-11-30T08:00:00Z"}}}}}',
    '',
  ].join('\n')

  test('is read from a catalog in a file, without a discovery', async () => {
    await using folder = await temporaryFolder()
    await mkdir(folder.path, { recursive: true })
    const path = (name: string) => join(folder.path, name)
    await writeFile(path('recording.jsonl'), recording)
    await writeFile(path('catalog.json'), '{"streams": [{"stream": "issues", "schema": {"properties": {}}}]}')
    await writeFile(path('replay.sh'), `#!/bin/sh\ncat '${path('recording.jsonl')}'\n`)
    const options = {
      command: ['sh', path('replay.sh')],
      catalog: path('catalog.json'),
      catalogFlag: '--properties',
      tables: { issues: {} },
    }
    const { tables, cookies } = await record(singer, options, {
      'issues.csv': ['id', 'user.login', 'labels.name'],
    })
    expect(tables['issues.csv']?.slice(1)).toEqual([
      ['7', 'ann', 'bug|ui'],
      ['8', undefined, undefined],
    ])
    expect(cookies.get('tap.state')).toContain('acme/site')
  })
})

/** The state of one export as that of another question. */
function withSearch(
  state: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const [one, two] = [state, other].map((cookies) => JSON.parse(cookies.get('tap.state') ?? '{}'))
  return new Map([['tap.state', JSON.stringify({ ...one, search: two.search })]])
}
