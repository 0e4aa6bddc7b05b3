import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { Bucket } from '../../test/bucket.ts'
import { writeDocuments } from '../../test/documents.ts'
import { FileServer } from '../../test/file-server.ts'
import { record, surroundings } from '../../test/recorded-export.ts'
import { hasSshd, Sshd } from '../../test/sshd.ts'
import { files } from './connector.ts'

const person = (id: number) => JSON.stringify([{ id }])

/** The ids that a table with this path has. */
async function ids(
  options: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, unknown>> = { path: 'people.json' },
  secrets: Readonly<Record<string, string>> = {},
) {
  const { tables } = await record(
    files,
    { ...options, tables: { people: table } },
    { 'people.csv': ['id'] },
    { secrets },
  )
  return tables['people.csv']?.slice(1).map(([id]) => id)
}

describe('a folder', () => {
  test('has files that fit a pattern, of which it has to be said which are meant', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await writeDocuments(from, {
      'in/people-10.json': person(10),
      'in/people-9.json': person(9),
      'in/.people-1.json': person(1),
    })
    const early = new Date(1_000_000)
    await utimes(join(from, 'in/people-10.json'), early, early)
    const path = 'in/people-*.json'
    await expect(ids({ from }, { path })).rejects.toMatchObject({
      message: `2 files of ${from} fit ${path}: in/people-9.json, in/people-10.json.`,
      remedy: expect.stringContaining('several'),
    })
    expect(await ids({ from }, { path, several: 'all' })).toEqual(['9', '10'])
    expect(await ids({ from }, { path, several: 'last' })).toEqual(['10'])
    expect(await ids({ from }, { path, several: 'newest' })).toEqual(['9'])
    await expect(ids({ from }, { path: 'in/x-*.json' })).rejects.toThrow(
      /No file of .* fits in\/x-\*\.json\./,
    )
  })

  test('is named with what is there, where a file or the folder is not', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await writeDocuments(from, { 'people.json': person(1) })
    await expect(ids({ from }, { path: 'poeple.json' })).rejects.toMatchObject({
      message: `There is no file poeple.json in ${from}.`,
      remedy: expect.stringContaining('people.json'),
    })
    await expect(ids({ from: join(from, 'none') })).rejects.toThrow(`There is no folder ${from}/none.`)
    await expect(ids({ from }, { path: '../people.json' })).rejects.toThrow(/leads out of/)
  })

  test('is not read before its marker is there, which may come', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await writeDocuments(from, { 'people.json': person(1) })
    await expect(ids({ from, marker: 'done' })).rejects.toMatchObject({ passing: true })
    await writeDocuments(from, { done: '' })
    expect(await ids({ from, marker: 'done' })).toEqual(['1'])
  })

  test('has a file that is still written: that shows when it was read, and may pass', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    const lines = '{"id": 1}\n'.repeat(1000)
    await writeDocuments(from, { 'people.jsonl': lines })
    const onRow = async () => {
      await mkdir(from, { recursive: true })
      await writeFile(join(from, 'people.jsonl'), `${lines}{"id": 2}\n`)
    }
    const reading = record(
      files,
      { from, tables: { people: { path: 'people.jsonl' } } },
      { 'people.csv': ['id'] },
      { onRow },
    )
    await expect(reading).rejects.toMatchObject({
      message: `people.jsonl of ${from} was changed while it was read.`,
      passing: true,
    })
  })
})

describe('a web server', () => {
  test('is told the password, and no server that it sends us on to is', async () => {
    await using server = await FileServer.open()
    await using other = await FileServer.open()
    const secrets = { TOKEN: 'correct horse' }
    server.authorization = 'Bearer correct horse'
    other.files.set('/elsewhere.json', person(1))
    const redirect = { status: 302, headers: { location: `http://127.0.0.1:${other.port}/elsewhere.json` } }
    server.answers.set('/people.json', [redirect, redirect])
    const options = { from: `${server.url}/`, http: { token: { environment: 'TOKEN' } } }
    expect(await ids(options, undefined, secrets)).toEqual(['1'])
    expect(server.authorizations).toContain('Bearer correct horse')
    expect(other.authorizations).toEqual([undefined, undefined])
  })

  test('that is busy says when to ask again; what it refuses is not asked again', async () => {
    await using server = await FileServer.open()
    const from = `${server.url}/`
    server.answers.set('/people.json', [{ status: 503, headers: { 'retry-after': '7' } }])
    await expect(ids({ from })).rejects.toMatchObject({ passing: true, retryAfter: 7000 })
    await expect(ids({ from })).rejects.toMatchObject({
      passing: false,
      message: /There is no file people\.json/,
    })
    server.authorization = 'Bearer x'
    server.files.set('/people.json', person(1))
    await expect(ids({ from })).rejects.toThrow('people.json may not be read: it answers with 401.')
  })

  test('may not know the question whether a file has changed', async () => {
    await using server = await FileServer.open()
    server.files.set('/people.json', person(1))
    server.answers.set('/people.json', [{ status: 405 }])
    expect(await ids({ from: `${server.url}/` })).toEqual(['1'])
  })

  test('lists nothing, and nothing is read from another one than that of from', async () => {
    await using server = await FileServer.open()
    const from = `${server.url}/`
    await expect(ids({ from }, { path: 'people-*.json', several: 'all' })).rejects.toThrow(
      /does not tell which files it has/,
    )
    await expect(ids({ from }, { path: 'http://127.0.0.1:1/people.json' })).rejects.toThrow(
      /lies on another server/,
    )
  })

  test('of which nothing has changed is not read again', async () => {
    await using server = await FileServer.open()
    server.files.set('/people.json', person(1))
    server.files.set('/units.csv', 'code\nx\n')
    const options = {
      from: `${server.url}/`,
      tables: { people: { path: 'people.json' }, units: { path: 'units.csv' } },
    }
    const wanted = { 'people.csv': ['id'], 'units.csv': ['code'] }
    const { cookies } = await record(files, options, wanted)
    server.asked.length = 0
    const unchanged = await record(files, options, wanted, { mode: 'incremental', cookies })
    expect(server.asked).toEqual(['HEAD /people.json', 'HEAD /units.csv'])
    expect(unchanged.statement).toEqual({ complete: true })
    expect(unchanged.tables['people.csv']).toEqual([['command', 'id']])
    expect(unchanged.passedOn).toEqual({ 'units.csv': '"command","code"\n' })
    server.files.set('/people.json', person(2))
    const changed = await record(files, options, wanted, { mode: 'incremental', cookies: unchanged.cookies })
    expect(changed.tables['people.csv']).toEqual([['id'], ['2']])
    server.tags = false
    const untold = await record(files, options, wanted, { mode: 'incremental', cookies: changed.cookies })
    expect(untold.tables['people.csv']).toEqual([['id'], ['2']])
  })
})

describe.skipIf(!hasSshd)('an SFTP server (needs OpenSSH)', () => {
  test('is read when its key is the one that is known, however that is said', async () => {
    await using sshd = await Sshd.open()
    await writeDocuments(sshd.data, { 'people-1.json': person(1), 'people-2.json': person(2) })
    const secrets = { PASSPHRASE: sshd.passphrase }
    const from = `sftp://${sshd.user}@127.0.0.1:${sshd.port}${sshd.data}`
    const key = { key: join(sshd.folder, 'user'), passphrase: { environment: 'PASSPHRASE' } }
    const table = { path: 'people-*.json', several: 'all' }
    for (const known of [
      { hostKey: await sshd.fingerprint() },
      { knownHosts: await sshd.knownHosts() },
      { knownHosts: await sshd.knownHosts({ hashed: true }) },
    ])
      expect(await ids({ from, sftp: { ...key, ...known } }, table, secrets)).toEqual(['1', '2'])
    const shown = await sshd.fingerprint()
    await expect(ids({ from, sftp: key }, table, secrets)).rejects.toThrow(
      `shows a key that nothing vouches for: ${shown}.`,
    )
    const other = { ...key, hostKey: `SHA256:${'A'.repeat(43)}` }
    await expect(ids({ from, sftp: other }, table, secrets)).rejects.toThrow(/shows another key than the one/)
  })

  test('lets nobody in with a wrong password or the key of somebody else, and tells which file may not be read', async () => {
    await using sshd = await Sshd.open()
    await writeDocuments(sshd.data, { 'people.json': person(1) })
    const hostKey = await sshd.fingerprint()
    const from = `sftp://${sshd.user}@127.0.0.1:${sshd.port}${sshd.data}`
    const password = { environment: 'PASSWORD' }
    const wrong = ids({ from, password, sftp: { hostKey } }, undefined, { PASSWORD: 'correct horse' })
    await expect(wrong).rejects.toThrow(/does not let us in: user, password or key are wrong\.$/)
    const stranger = { hostKey, key: join(sshd.folder, 'stranger') }
    await expect(ids({ from, sftp: stranger })).rejects.toThrow(/does not let us in/)
    const sftp = { hostKey, key: join(sshd.folder, 'user'), passphrase: { environment: 'PASSWORD' } }
    const missing = ids({ from, sftp }, { path: 'none.json' }, { PASSWORD: sshd.passphrase })
    await expect(missing).rejects.toMatchObject({ remedy: expect.stringContaining('people.json') })
  })
})

describe('a bucket', () => {
  test('has files below a folder, and says what it does not know', async () => {
    await using bucket = await Bucket.open()
    for (const id of [9, 10]) await bucket.put(`data/people-${id}.json`, person(id))
    await bucket.put('data/deeper/people-11.json', person(11))
    const secrets = { SECRET: bucket.password }
    const options = {
      from: `s3://${bucket.name}/data`,
      user: bucket.user,
      password: { environment: 'SECRET' },
      s3: { endpoint: bucket.endpoint },
    }
    expect(await ids(options, { path: 'people-*.json', several: 'all' }, secrets)).toEqual(['9', '10'])
    expect(await ids(options, { path: 'deeper/people-11.json' }, secrets)).toEqual(['11'])
    await expect(ids(options, { path: 'people-1.json' }, secrets)).rejects.toThrow(
      /There is no file people-1\.json/,
    )
    await expect(ids({ ...options, from: 's3://none' }, { path: '*.json' }, secrets)).rejects.toMatchObject({
      message: expect.stringContaining('NoSuchBucket'),
      passing: false,
    })
  })
})

test('check says where files are, how many records they have, and what would be empty', async () => {
  await using folder = await temporaryFolder()
  await writeDocuments(folder.path, {
    'people.json': '[{"id": 1}, {"id": 2}]',
    'none.jsonl': '',
    'u.csv': 'x\n',
  })
  const tables = { people: { path: 'people.json' }, none: { path: 'none.jsonl' }, units: { path: 'u.csv' } }
  const { facts, warnings } = await files.with({ from: folder.path, tables }).check(surroundings())
  expect(facts).toEqual({
    folder: folder.path,
    'people.csv': 'people.json, 2 records',
    'none.csv': 'none.jsonl, 0 records',
    'units.csv': 'u.csv',
  })
  expect(warnings).toEqual(['none.csv would be empty: look at the file, and at records or sheet.'])
})
