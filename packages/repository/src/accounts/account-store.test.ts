import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import type { Database } from '../database/database.ts'
import { migrate } from '../migrations/migrate.ts'
import * as errors from './account-errors.ts'
import { openAccountStore } from './account-store.ts'
import { hashPassword } from './password-hash.ts'
import { openSessionStore } from './session-store.ts'

const password = 'correct horse battery'
const ada = { name: 'ada', role: 'operator', email: 'ada@example.org', password } as const
const start = { idle: 60_000, absolute: 600_000, address: '10.0.0.1', userAgent: 'Firefox' }

async function storesIn(database: Database) {
  await migrate(database)
  return { accounts: openAccountStore(database), sessions: openSessionStore(database) }
}

describeEachDatabase('accounts', (open) => {
  test('a password is kept as Argon2id alone, and opens its account under any spelling of the name', async () => {
    await using database = await open()
    const { accounts } = await storesIn(database)
    expect(await accounts.isEmpty()).toBe(true)
    const made = await accounts.create(ada, 'root')
    expect(made).toMatchObject({ name: 'ada', role: 'operator', signsInBy: 'password', createdBy: 'root' })
    expect(await accounts.verify('ADA', password)).toMatchObject({ name: 'ada' })
    for (const wrong of ['Correct horse battery', `${password} `, ''])
      expect(await accounts.verify('ada', wrong)).toBeUndefined()
    expect(await accounts.verify('bob', password)).toBeUndefined()
    const { rows } = await database.session((session) => session.query('select * from sluice_account'))
    expect(JSON.stringify(rows)).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(JSON.stringify(rows)).not.toContain(password)
    expect((await accounts.list())[0]?.lastSignInAt).toMatch(/Z$/)
  })

  test('characters that a keyboard composes in two ways are the same', async () => {
    await using database = await open()
    const { accounts } = await storesIn(database)
    await accounts.create({ ...ada, password: 'm\u00fcller m\u00fcller' }, 'root')
    expect(await accounts.verify('ada', 'mu\u0308ller mu\u0308ller')).toMatchObject({ name: 'ada' })
  })

  test('a hash that was made with less is made again when its person signs in', async () => {
    await using database = await open()
    const { accounts } = await storesIn(database)
    await accounts.create(ada, 'root')
    const weak = await hashPassword(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })
    const hashOf = async () => {
      const { rows } = await database.session((session) =>
        session.query('select password_hash from sluice_account'),
      )
      return rows[0]?.['password_hash']
    }
    await database.session((session) => session.query('update sluice_account set password_hash = $1', [weak]))
    expect(await accounts.verify('ada', 'wrong wrong wrong')).toBeUndefined()
    expect(await hashOf()).toBe(weak)
    expect(await accounts.verify('ada', password)).toBeDefined()
    expect(await hashOf()).toContain('m=19456,t=2')
    expect(await accounts.verify('ada', password)).toBeDefined()
  })

  test('what is not there or not possible is refused', async () => {
    await using database = await open()
    const { accounts } = await storesIn(database)
    await accounts.create(ada, 'root')
    await expect(accounts.create({ ...ada, name: 'Ada' }, 'root')).rejects.toThrow(errors.AccountExistsError)
    await expect(accounts.change('bob', { role: 'admin' })).rejects.toThrow(errors.UnknownAccountError)
    await expect(accounts.setPassword('bob', password)).rejects.toThrow(errors.UnknownAccountError)
    await expect(accounts.remove('bob')).rejects.toThrow(errors.UnknownAccountError)
    const passwords = { old: 'something else', password: 'another password' }
    await expect(accounts.changePassword('ada', passwords)).rejects.toThrow(errors.WrongPasswordError)
    expect(await accounts.verify('ada', password)).toBeDefined()
  })

  test('a new password, disabling and deleting end the sessions of the account and no other', async () => {
    await using database = await open()
    const { accounts, sessions } = await storesIn(database)
    await accounts.create(ada, 'root')
    await accounts.create({ ...ada, name: 'bob' }, 'root')
    const other = await sessions.begin({ kind: 'account', name: 'bob' }, start)
    for (const end of [
      () => accounts.setPassword('ADA', password),
      () => accounts.changePassword('ada', { old: password, password }),
      () => accounts.change('ada', { disabled: true }),
    ]) {
      const { secret } = await sessions.begin({ kind: 'account', name: 'ada' }, start)
      expect(await sessions.find(secret)).toBeDefined()
      await end()
      expect(await sessions.find(secret)).toBeUndefined()
    }
    await expect(accounts.verify('ada', password)).rejects.toThrow(errors.AccountDisabledError)
    expect(await accounts.verify('ada', 'a wrong password')).toBeUndefined()
    await accounts.change('ada', { disabled: false, role: 'viewer', email: null })
    const { secret } = await sessions.begin({ kind: 'account', name: 'ada' }, start)
    expect(await sessions.find(secret)).toMatchObject({ role: 'viewer' })
    await accounts.remove('ada')
    expect(await sessions.find(secret)).toBeUndefined()
    expect(await sessions.find(other.secret)).toMatchObject({ session: { name: 'bob' } })
  })

  test('nobody gives up the only administration by himself, however he does it; another administrator makes room', async () => {
    await using database = await open()
    const { accounts } = await storesIn(database)
    await accounts.create({ ...ada, role: 'admin' }, 'root')
    await accounts.create({ ...ada, name: 'bob', role: 'admin' }, 'root')
    await accounts.change('bob', { disabled: true }, { person: 'ada' })
    const own = { person: 'Ada' }
    for (const attempt of [
      () => accounts.change('ada', { disabled: true }, own),
      () => accounts.change('ADA', { role: 'viewer' }, own),
      () => accounts.remove('ada', own),
    ])
      await expect(attempt()).rejects.toThrow(errors.LastAdministratorError)
    await accounts.change('ada', { email: 'ada@example.org' }, own)
    await accounts.change('bob', { disabled: false }, own)
    expect(await accounts.change('ada', { role: 'viewer' }, own)).toMatchObject({ role: 'viewer' })
    expect(await accounts.remove('bob', { person: undefined })).toMatchObject({ name: 'bob' })
  })

  test('a person of a provider is made once, follows its roles, and takes the name of nobody', async () => {
    await using database = await open()
    const { accounts } = await storesIn(database)
    await accounts.create(ada, 'root')
    const eve = {
      issuer: 'https://login.example.org',
      subject: '17',
      name: 'eve',
      email: undefined,
      role: 'viewer',
    } as const
    expect(await accounts.keepKnown(eve)).toMatchObject({
      name: 'eve',
      role: 'viewer',
      signsInBy: 'openIdConnect',
    })
    expect(await accounts.keepKnown({ ...eve, name: 'eve2', role: 'admin' })).toMatchObject({
      name: 'eve',
      role: 'admin',
    })
    await expect(accounts.keepKnown({ ...eve, subject: '18', name: 'Ada' })).rejects.toThrow(
      errors.AccountNameTakenError,
    )
    await expect(accounts.setPassword('eve', password)).rejects.toThrow(errors.ForeignAccountError)
    await expect(accounts.change('eve', { role: 'viewer' })).rejects.toThrow(errors.ForeignAccountError)
    expect(await accounts.verify('eve', '')).toBeUndefined()
    await accounts.change('eve', { disabled: true })
    await expect(accounts.keepKnown(eve)).rejects.toThrow(errors.AccountDisabledError)
  })
})
