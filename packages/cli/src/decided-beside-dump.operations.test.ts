/**
 * A real `pg_dump` stands still in the middle, and holds what it holds of every table, while runs are approved, rejected and completed: nobody waits for
 * it. What was kept of the runs goes when it has ended.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRepository } from '@sluice/project'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { hasDebianDump } from '../../../test/debian-postgres.ts'
import { callCommandLine } from '../test/call-command-line.ts'

vi.setConfig({ testTimeout: 300_000 })

/** More than a pipe takes. */
const count = 20_000

// .ci/run installs PostgreSQL 15 with its programs.
describe.skipIf(!hasDebianDump)('runs decided while pg_dump stands still (needs postgresql-15)', () => {
  test.each(['approve', 'reject'] as const)('by %s wait for nobody, nor does the next one', async (verb) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-dump-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const opened = await testLocation('postgres-15')
    onTestFinished(() => opened[Symbol.asyncDispose]())
    const { location } = opened
    if (location.kind !== 'postgres') throw new Error('a server')
    writeFileSync(
      join(folder, 'sluice.yaml'),
      `repository: {url: "${location.url}", schema: ${location.schema}}
entityTypes:
  Person: {properties: {no: string, name: string}}
  Client: {properties: {no: string}}
sources:
  hr: {thresholds: {updated: {count: 1}}, entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}}
  crm: {thresholds: off, entities: {Client: {file: clients.csv, key: no, properties: {no: no}}}}
`,
    )
    const people = (named: number) => {
      const lines = Array.from(
        { length: count },
        (_, no) => `${no},Person ${no}${no < named ? ' renamed' : ''}`,
      )
      writeFileSync(join(folder, 'people.csv'), ['no,name', ...lines].join('\n'))
    }
    const sluice = (...args: readonly string[]) => callCommandLine(folder, args)
    const rows = async <T extends object>(text: string) => {
      await using repository = await openRepository(location)
      return (await repository.database.session((session) => session.query<T>(text))).rows
    }
    people(0)
    expect(await sluice('sync', 'hr', '--yes')).toMatchObject({ status: 0 })
    people(5)
    expect(await sluice('sync', 'hr', '--yes')).toMatchObject({ status: 3 })

    const dump = spawn('pg_dump', [`--schema=${location.schema}`, location.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void dump.kill('SIGKILL'))
    // Nobody reads what it writes: it stands still in the middle of the people.
    const standing = `select from pg_stat_activity a join pg_locks l using (pid)
      where a.application_name = 'pg_dump' and a.query like 'COPY %.person %' and l.relation = 'person'::regclass and l.granted`
    while ((await rows(standing)).length === 0) {
      expect(dump.exitCode).toBe(null)
      await sleep(50)
    }

    const decided = await sluice('runs', verb, '2')
    expect(decided, decided.stderr).toMatchObject({ status: 0 })
    writeFileSync(join(folder, 'clients.csv'), 'no\n1\n')
    expect(await sluice('sync', 'crm', '--yes')).toMatchObject({ status: 0 })
    // One more than the last, or one less: within the threshold.
    const [next, last] = verb === 'approve' ? [4, 3] : [1, 2]
    people(next)
    expect(await sluice('sync', 'hr', '--yes')).toMatchObject({ status: 0 })
    // It was there all the time, and what it has locked, too.
    expect((await rows(standing)).length).toBe(1)
    const renamed = `select from person where name like '% renamed'`
    const kept = `select from pg_tables where schemaname = current_schema() and tablename ~ '^sluice_run_[0-9]'`
    expect((await rows(renamed)).length).toBe(next)
    expect((await rows(kept)).length).toBeGreaterThan(0)

    let text = ''
    dump.stdout.setEncoding('utf8').on('data', (part) => {
      text += part
    })
    expect(await once(dump, 'close')).toEqual([0, null])
    // The repository as it was when the dump began: in the changes that were held then, and nowhere else.
    expect(text.match(/renamed$/gm)).toHaveLength(5)
    people(last)
    await sluice('sync', 'hr', '--yes')
    expect(await rows(kept)).toEqual([])
  })
})
