/**
 * Memory of an export does not grow with the managed system: eight times the rows, in a process that may keep little.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { hasSlapd, manager, Slapd, suffix } from '../../test/slapd.ts'
import { kindsOfDatabase, type ReadDatabase } from '../../test/sql-databases.ts'

const program = fileURLToPath(new URL('../../test/export-child.ts', import.meta.url))
const few = 20_000
const times = 8
/** Characters: all rows together are far more than the process may keep. */
const width = 400
/** Of its own memory; what its libraries and buffers take comes on top. */
const heap = 72
/** Megabytes that the larger export may take more: buffers of files, and what the machine leaves lying about. */
const room = 64

const text = 'x'.repeat(width)
const answer = z.object({ rows: z.record(z.string(), z.number()).optional(), megabytes: z.number() })

interface Asked {
  readonly connector: string
  readonly options: Readonly<Record<string, unknown>>
  readonly columns?: readonly string[]
}

/** Megabytes at most, of an export that wrote so many rows. */
async function exported({ columns = ['id', 'note'], ...asked }: Asked, rows: number): Promise<number> {
  await using folder = await temporaryFolder()
  const environment = { PASSWORD: 'sluice', MANAGER: manager.password }
  const child = fork(program, [JSON.stringify({ ...asked, columns, folder: folder.path, environment })], {
    execArgv: [`--max-old-space-size=${heap}`, '--max-semi-space-size=4'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.on('data', (bytes) => {
    complaint += String(bytes)
  })
  const answers: unknown[] = []
  child.on('message', (message) => answers.push(message))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(complaint)
  const found = answer.parse(answers[0])
  expect(found.rows?.['people.csv']).toBe(rows)
  return found.megabytes
}

async function growth(of: (rows: number) => Promise<number>): Promise<number> {
  const small = await of(few)
  return (await of(few * times)) - small
}

describe('files', () => {
  test.each<[string, string, (id: number) => string, string, string]>([
    ['people.jsonl', '', (id) => `${JSON.stringify({ id, note: text })}\n`, '', ''],
    ['people.json', '[', (id) => `${id === 1 ? '' : ','}${JSON.stringify({ id, note: text })}\n`, ']', ''],
    ['people.xml', '<all>', (id) => `<one><id>${id}</id><note>${text}</note></one>\n`, '</all>', '/all/one'],
    ['people.ldif', '', (id) => `dn: cn=${id}\nid: ${id}\nnote: ${text}\n\n`, '', ''],
  ])('%s', async (path, begin, record, end, records) => {
    const grown = await growth(async (rows) => {
      await using folder = await temporaryFolder()
      const lines = function* () {
        yield begin
        for (let id = 1; id <= rows; id++) yield record(id)
        yield end
      }
      await pipeline(Readable.from(lines()), createWriteStream(join(folder.path, path)))
      const table = records === '' ? { path } : { path, records }
      return await exported(
        { connector: 'files', options: { from: folder.path, tables: { people: table } } },
        rows,
      )
    })
    expect(grown).toBeLessThan(room)
  })
})

const kinds: Readonly<Record<string, string>> = {
  PostgreSQL: 'postgresql',
  MariaDB: 'mysql',
  SQLite: 'sqlite',
  DuckDB: 'duckdb',
}

describe.each(kindsOfDatabase)('the database $name', ({ name, open }) => {
  test('is read row by row', async () => {
    await using database: ReadDatabase = await open()
    await database.execute(`create table people (id integer primary key, note varchar(${width}))`)
    let there = 0
    const grown = await growth(async (rows) => {
      for (; there < rows; there += few / 2) await database.execute(filled(name, there + 1, few / 2))
      const options = { ...database.options, tables: { people: {} } }
      return await exported({ connector: kinds[name] ?? name, options }, rows)
    })
    expect(grown).toBeLessThan(room)
  })
})

function filled(name: string, from: number, count: number): string {
  const last = from + count - 1
  if (name === 'PostgreSQL')
    return `insert into people select n, '${text}' from generate_series(${from}, ${last}) n`
  if (name === 'DuckDB')
    return `insert into people select n, '${text}' from range(${from}, ${last + 1}) r (n)`
  const counted = `with recursive counted as (select ${from} as n union all select n + 1 from counted where n < ${last})`
  return `insert into people ${counted} select n, '${text}' from counted`
}

/** Whom a directory sets no limit. */
const reader = { user: manager.user, password: { environment: 'MANAGER' } }

test.runIf(hasSlapd)('a directory (needs slapd and ldap-utils)', async () => {
  const grown = await growth(async (rows) => {
    await using slapd = await Slapd.open({ filled: people(rows) })
    const tables = { people: { filter: '(objectClass=inetOrgPerson)' } }
    const options = { url: slapd.url, ...reader, base: suffix, tables }
    return await exported({ connector: 'ldap', options, columns: ['uid', 'description'] }, rows)
  })
  expect(grown).toBeLessThan(room)
})

function* people(rows: number) {
  for (let id = 1; id <= rows; id++)
    yield `dn: uid=u${id},ou=people,${suffix}\nobjectClass: inetOrgPerson\nuid: u${id}\ncn: u${id}\nsn: u${id}\ndescription: ${text}\n\n`
}
