import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { migrate } from '../migrations/migrate.ts'
import { TokenExistsError, TokenRefusedError, UnknownTokenError } from './token-errors.ts'
import { openTokenStore } from './token-store.ts'

describeEachDatabase('tokens', (open) => {
  test('a secret is shown once, finds its token and is kept nowhere', async () => {
    await using database = await open()
    await migrate(database)
    const tokens = openTokenStore(database)
    const made = await tokens.create({ name: 'laptop', role: 'agent', sources: ['hr'] }, 'ada', ['hr', 'ad'])
    expect(made.secret).toMatch(/^slc_[\w-]{43}$/)
    expect(made.token).toMatchObject({
      name: 'laptop',
      role: 'agent',
      sources: ['hr'],
      createdBy: 'ada',
      lastUsedAt: null,
    })
    expect(await tokens.find(made.secret)).toMatchObject({ name: 'laptop' })
    expect((await tokens.list())[0]?.lastUsedAt).toMatch(/Z$/)
    const { rows } = await database.session((session) => session.query('select * from sluice_token'))
    expect(JSON.stringify(rows)).not.toContain(made.secret.slice(4))
  })

  test('another secret, a malformed one, an expired or a revoked one finds nothing', async () => {
    await using database = await open()
    await migrate(database)
    const tokens = openTokenStore(database)
    const { secret } = await tokens.create({ name: 'a', role: 'viewer', sources: [] }, 'ada', [])
    const other = `${secret.slice(0, -2)}${secret.endsWith('AA') ? 'BB' : 'AA'}`
    for (const wrong of [other, '', 'slc_', `${secret} `, `${secret}\0`]) {
      expect(await tokens.find(wrong)).toBeUndefined()
    }
    await database.session((session) =>
      session.query("update sluice_token set expires_at = now() - interval '1 second'"),
    )
    expect(await tokens.find(secret)).toBeUndefined()
    await database.session((session) => session.query('update sluice_token set expires_at = null'))
    expect(await tokens.find(secret)).toMatchObject({ name: 'a' })
    await tokens.revoke('a')
    expect(await tokens.find(secret)).toBeUndefined()
    await expect(tokens.revoke('a')).rejects.toThrow(UnknownTokenError)
  })

  test('refuses a name that is taken, an agent without sources, sources that are unknown or out of place, an end that is over', async () => {
    await using database = await open()
    await migrate(database)
    const tokens = openTokenStore(database)
    const known = ['hr']
    await tokens.create({ name: 'a', role: 'admin', sources: [] }, 'ada', known)
    await expect(tokens.create({ name: 'a', role: 'viewer', sources: [] }, 'ada', known)).rejects.toThrow(
      TokenExistsError,
    )
    for (const wrong of [
      { role: 'agent', sources: [] },
      { role: 'agent', sources: ['hr', 'crm'] },
      { role: 'viewer', sources: ['hr'] },
      { role: 'admin', sources: [], expiresAt: '2001-01-01T00:00:00Z' },
    ] as const) {
      const token = { name: 'b', ...wrong, sources: [...wrong.sources] }
      await expect(tokens.create(token, 'ada', known)).rejects.toThrow(TokenRefusedError)
    }
  })
})
