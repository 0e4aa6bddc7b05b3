import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { migrate } from '../migrations/migrate.ts'
import { prune } from '../prune/prune.ts'
import { openAuditLog } from './audit-log.ts'

const forever = { age: undefined, count: undefined }
const keepAll = {
  every: undefined,
  files: undefined,
  history: forever,
  runs: forever,
  rejectedRows: forever,
  deliveries: forever,
  executions: forever,
  notifications: forever,
  audit: forever,
}

describeEachDatabase('the audit log', (open) => {
  test('is read in pages, the newest first, by who, by what and by time', async () => {
    await using database = await open()
    await migrate(database)
    const log = openAuditLog(database)
    const ada = { kind: 'person', name: 'ada' } as const
    await log.record({ by: ada, address: '10.0.0.1', action: 'signIn', subject: '/session', status: 200 })
    await log.record({ action: 'signIn', subject: '/session', status: 401, code: 'SLUICE-SERVER-16' })
    await log.record({ by: ada, action: 'approve', subject: `/runs/${'7'.repeat(900)}`, status: 503 })
    const all = await log.read({})
    expect(all.map(({ action, result }) => [action, result])).toEqual([
      ['approve', 'failed'],
      ['signIn', 'refused'],
      ['signIn', 'done'],
    ])
    expect(all[2]).toMatchObject({ by: ada, address: '10.0.0.1', subject: '/session', code: null })
    expect(all[1]).toMatchObject({ by: null, address: null, code: 'SLUICE-SERVER-16' })
    expect(all[0]?.subject.length).toBe(500)
    const first = await log.read({ limit: 1 })
    expect(await log.read({ before: first[0]?.position ?? 0 })).toEqual(all.slice(1))
    expect(await log.read({ who: 'ada', action: 'signIn' })).toEqual(all.slice(2))
    const [, , { at } = { at: '' }] = all
    expect(await log.read({ from: at })).toEqual(all)
    expect(await log.read({ to: at })).toEqual([])
  })

  test('has a record of its own of each thing that is told in one moment', async () => {
    await using database = await open()
    await migrate(database)
    const log = openAuditLog(database)
    const entries = Array.from({ length: 20 }, (_, index) => ({
      by: index % 2 === 0 ? ({ kind: 'person', name: `p${index}` } as const) : undefined,
      action: 'updateResource',
      subject: `/resources/Person/${index}`,
      status: index % 3 === 0 ? 409 : 200,
    }))
    await Promise.all(entries.map((entry) => log.record(entry)))
    const found = (await log.read({})).map(({ by, subject, result }) => ({ by, subject, result }))
    const bySubject = (a: { readonly subject: string }, b: { readonly subject: string }) =>
      a.subject < b.subject ? -1 : 1
    expect(found.toSorted(bySubject)).toEqual(
      entries
        .map(({ by, subject, status }) => ({
          by: by ?? null,
          subject,
          result: status === 200 ? 'done' : 'refused',
        }))
        .toSorted(bySubject),
    )
  })

  test('goes by age and number when it is pruned, and sessions go that are over', async () => {
    await using database = await open()
    await migrate(database)
    const log = openAuditLog(database)
    for (const action of ['a', 'b', 'c', 'd']) await log.record({ action, subject: '/', status: 200 })
    const query = (text: string) => database.session((session) => session.query(text))
    await query("update sluice_audit set at = now() - interval '2 days' where action = 'a'")
    await query(
      `insert into sluice_account (name, role, password_hash, created_by) values ('ada', 'viewer', 'x', 'x')`,
    )
    await query(`insert into sluice_session (secret_sha256, account, idle, ends_at, address) values
      ('a', 'ada', '1 h', now() - interval '1 s', 'x'), ('b', 'ada', '0 s', now() + interval '1 h', 'x'), ('c', 'ada', '1 h', now() + interval '1 h', 'x')`)
    const removed = async (audit: { age: number | undefined; count: number | undefined }, dryRun = false) => {
      const { kinds } = await prune(database, { ...keepAll, audit }, { dryRun })
      return Object.fromEntries(kinds.map((one) => [one.kind, one.removed]))
    }
    expect(await removed({ age: 86_400_000, count: undefined }, true)).toMatchObject({
      audit: 1,
      sessions: 2,
    })
    expect(await removed({ age: 86_400_000, count: undefined })).toMatchObject({ audit: 1, sessions: 2 })
    expect(await removed({ age: undefined, count: 2 })).toMatchObject({ audit: 1, sessions: 0 })
    expect((await log.read({})).map(({ action }) => action)).toEqual(['d', 'c'])
    const { rows } = await query("select convert_from(secret_sha256, 'utf8') as secret from sluice_session")
    expect(rows).toEqual([{ secret: 'c' }])
  })
})
