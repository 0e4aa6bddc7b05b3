import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import type { Database } from '../database/database.ts'
import { migrate } from '../migrations/migrate.ts'
import { openTokenStore } from '../tokens/token-store.ts'
import { UnknownSessionError } from './account-errors.ts'
import { openAccountStore } from './account-store.ts'
import { openOpenIdSignIns } from './open-id-sign-ins.ts'
import { openSessionStore } from './session-store.ts'

const start = { idle: 60_000, absolute: 600_000, address: '10.0.0.1', userAgent: 'x'.repeat(1000) }

async function storesIn(database: Database) {
  await migrate(database)
  const accounts = openAccountStore(database)
  await accounts.create({ name: 'ada', role: 'editor', password: 'correct horse battery' }, 'root')
  const tokens = openTokenStore(database)
  await tokens.create({ name: 'laptop', role: 'agent', sources: ['hr'] }, 'root', ['hr'])
  return { tokens, sessions: openSessionStore(database) }
}

const ada = { kind: 'account', name: 'ada' } as const
const laptop = { kind: 'token', name: 'laptop' } as const

describeEachDatabase('sessions', (open) => {
  test('a secret finds its session with what its account or token may, and is kept nowhere', async () => {
    await using database = await open()
    const { sessions } = await storesIn(database)
    const mine = await sessions.begin(ada, start)
    const another = await sessions.begin(ada, start)
    expect(mine.secret).not.toBe(another.secret)
    expect(await sessions.find(mine.secret)).toMatchObject({
      session: { kind: 'account', name: 'ada', address: '10.0.0.1', userAgent: 'x'.repeat(200) },
      role: 'editor',
      hasPassword: true,
    })
    const agent = await sessions.begin(laptop, start)
    expect(await sessions.find(agent.secret)).toMatchObject({
      role: 'agent',
      sources: ['hr'],
      hasPassword: false,
    })
    const { rows } = await database.session((session) => session.query('select * from sluice_session'))
    expect(JSON.stringify(rows)).not.toContain(mine.secret)
    for (const wrong of ['', 'x', `${mine.secret}=`, mine.secret.toLowerCase()])
      expect(await sessions.find(wrong)).toBeUndefined()
  })

  test('a session is over when nothing was asked for a while, when its time has passed, or when its token is revoked or over', async () => {
    await using database = await open()
    const { sessions, tokens } = await storesIn(database)
    const age = (what: string) =>
      database.session((session) => session.query(`update sluice_session set ${what}`))
    const first = await sessions.begin(ada, start)
    await age("last_seen_at = now() - interval '59 seconds'")
    expect(await sessions.find(first.secret)).toBeDefined()
    await age("last_seen_at = now() - interval '61 seconds'")
    expect(await sessions.find(first.secret)).toBeUndefined()
    expect(await sessions.list()).toEqual([])
    const second = await sessions.begin(ada, { ...start, idle: 6_000_000 })
    await age("last_seen_at = now() - interval '90 seconds'")
    await sessions.find(second.secret)
    const [seen] = await sessions.list(ada)
    expect(Date.now() - Date.parse(seen?.lastSeenAt ?? '')).toBeLessThan(60_000)
    await age("ends_at = now() - interval '1 second'")
    expect(await sessions.find(second.secret)).toBeUndefined()
    const third = await sessions.begin(laptop, start)
    await database.session((session) =>
      session.query("update sluice_token set expires_at = now() - interval '1 second'"),
    )
    expect(await sessions.find(third.secret)).toBeUndefined()
    await tokens.revoke('laptop')
    const { rows } = await database.session((session) =>
      session.query('select * from sluice_session where token is not null'),
    )
    expect(rows).toEqual([])
  })

  test('somebody ends a session of his own, and only whoever may end all ends another', async () => {
    await using database = await open()
    const { sessions } = await storesIn(database)
    const { session, secret } = await sessions.begin(ada, start)
    for (const id of [session.id.replace(/^./, 'z'), crypto.randomUUID()])
      await expect(sessions.end(id)).rejects.toThrow(UnknownSessionError)
    await expect(sessions.end(session.id, laptop)).rejects.toThrow(UnknownSessionError)
    expect(await sessions.find(secret)).toBeDefined()
    expect(await sessions.end(session.id, ada)).toMatchObject({ id: session.id })
    expect(await sessions.find(secret)).toBeUndefined()
    await expect(sessions.end(session.id)).rejects.toThrow(UnknownSessionError)
  })

  test('what is kept for a browser at a provider is given out once, and for a while', async () => {
    await using database = await open()
    await migrate(database)
    const signIns = openOpenIdSignIns(database)
    const signIn = { state: 's', nonce: 'n', codeVerifier: 'v', returnTo: '/runs/7' }
    const secret = await signIns.begin(signIn)
    expect(await signIns.take(`${secret}x`)).toBeUndefined()
    expect(await signIns.take(secret)).toEqual(signIn)
    expect(await signIns.take(secret)).toBeUndefined()
    const late = await signIns.begin(signIn)
    await database.session((session) =>
      session.query("update sluice_open_id_sign_in set ends_at = now() - interval '1 second'"),
    )
    expect(await signIns.take(late)).toBeUndefined()
  })
})
