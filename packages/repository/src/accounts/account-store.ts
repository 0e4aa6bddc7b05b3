/**
 * The accounts of a repository: made, listed, changed, and found by what a person brings to sign in.
 *
 * @module
 */
import {
  type Account,
  type AccountChange,
  type AccountRole,
  accountSchema,
  type NewAccount,
} from '@sluice/model'
import type { Database, Row, Session } from '../database/database.ts'
import { exists, one, run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import {
  AccountDisabledError,
  AccountExistsError,
  AccountNameTakenError,
  ForeignAccountError,
  LastAdministratorError,
  UnknownAccountError,
  WrongPasswordError,
} from './account-errors.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'

/** Whom a provider of OpenID Connect has sent. */
export interface KnownElsewhere {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly email: string | undefined
  readonly role: AccountRole
}

/**
 * The account of the person who does it. The own one stays an active administrator unless there is another one (`LastAdministratorError`);
 * whoever works with a token, or on the machine of the repository, keeps nobody out for good.
 */
interface GivingUp {
  readonly person: string | undefined
}

/** Capital and small letters of a name are the same. */
export interface AccountStore {
  create(account: NewAccount, by: string): Promise<Account>
  /** By name. */
  list(): Promise<readonly Account[]>
  /** Whether there is any. */
  isEmpty(): Promise<boolean>
  /** Whoever is disabled is signed out everywhere. `by`: see `GivingUp`. */
  change(name: string, change: AccountChange, by?: GivingUp): Promise<Account>
  /** Ends all sessions of the account. */
  setPassword(name: string, password: string): Promise<Account>
  /** As its person does, who knows the old one. Ends all sessions of the account. */
  changePassword(
    name: string,
    passwords: { readonly old: string; readonly password: string },
  ): Promise<Account>
  remove(name: string, by?: GivingUp): Promise<Account>
  /** The account whose password this is; notes that it was used. Throws where it is disabled. */
  verify(name: string, password: string): Promise<Account | undefined>
  /** The account of somebody who is known to a provider, made or brought up to date. Throws where it is disabled, or another one has its name. */
  keepKnown(person: KnownElsewhere): Promise<Account>
}

export function openAccountStore(database: Database): AccountStore {
  return {
    create: (account, by) => create(database, account, by),
    list: async () => (await database.session((session) => run(session, allAccounts))).rows.map(decode),
    isEmpty: async () => !(await database.session((session) => exists(session, anyAccount))),
    change: (name, change, by) => changeAccount(database, { name, change, by }),
    setPassword: (name, password) => setPassword(database, name, password),
    changePassword: async (name, { old, password }) => {
      const found = await find(database, name)
      if (found === undefined) throw new UnknownAccountError(name)
      if (found.hash === undefined) throw new ForeignAccountError(name, 'password')
      if (!(await verifyPassword(found.hash, old)).good) throw new WrongPasswordError()
      return await setPassword(database, name, password)
    },
    remove: (name, by) =>
      database.transaction(async (session) => {
        await othersAdminister(session, name, by)
        return known(name, await run(session, deleteAccount(name)))
      }),
    verify: (name, password) => verify(database, name, password),
    keepKnown: (person) => keepKnown(database, person),
  }
}

const columns = sql`name, role, email, issuer, disabled_at, created_at, created_by, password_set_at, last_sign_in_at`
const named = (name: string): SQL => sql`lower(name) = lower(${sql.value(name)})`

const allAccounts = statement<Row>(
  'accounts/list',
  sql`select ${columns} from sluice_account order by lower(name)`,
)
const anyAccount = statement('accounts/any', sql`select from sluice_account limit 1`)

async function create(
  database: Database,
  { password, ...account }: NewAccount,
  by: string,
): Promise<Account> {
  const hash = await hashPassword(password)
  const { rows } = await database.session((session) => run(session, insertAccount(account, hash, by)))
  const [row] = rows
  if (row === undefined) throw new AccountExistsError(account.name)
  return decode(row)
}

/** Returns no row where the name is taken. */
function insertAccount(
  { name, role, email }: Omit<NewAccount, 'password'>,
  hash: string,
  by: string,
): Statement<Row> {
  return statement(
    'accounts/insert',
    sql`insert into sluice_account (name, role, email, password_hash, password_set_at, created_by)
    values (${sql.value(name)}, ${sql.value(role)}, ${sql.value(email ?? null)}, ${sql.value(hash)},
      clock_timestamp(), ${sql.value(by)})
    on conflict do nothing returning ${columns}`,
  )
}

interface Changed {
  readonly name: string
  readonly change: AccountChange
  readonly by: GivingUp | undefined
}

async function changeAccount(database: Database, { name, change, by }: Changed): Promise<Account> {
  return await database.transaction(async (session) => {
    const isLess = change.disabled === true || (change.role !== undefined && change.role !== 'admin')
    if (isLess) await othersAdminister(session, name, by)
    if (change.role !== undefined) {
      const [row] = (await run(session, accountNamed(name))).rows
      if (row !== undefined && row['issuer'] !== null) throw new ForeignAccountError(name, 'role')
    }
    const account = known(name, await run(session, updateAccount(name, change)))
    if (change.disabled === true) await run(session, endSessions(account.name))
    return account
  })
}

/** Throws where the person is about to give up an administration that nobody else has. Two who do so at once wait for one another. */
async function othersAdminister(session: Session, name: string, by: GivingUp | undefined): Promise<void> {
  if (by?.person?.toLowerCase() !== name.toLowerCase()) return
  const { rows } = await run(session, activeAdministrators)
  const others = rows.filter((row) => String(row['name']).toLowerCase() !== name.toLowerCase())
  if (others.length === 0) throw new LastAdministratorError(name)
}

const activeAdministrators = statement<Row>(
  'accounts/administrators',
  sql`select name from sluice_account where role = 'admin' and disabled_at is null order by lower(name) for update`,
)

function updateAccount(name: string, { role, email, disabled }: AccountChange): Statement<Row> {
  const given = [
    role === undefined ? undefined : sql`role = ${sql.value(role)}`,
    email === undefined ? undefined : sql`email = ${sql.value(email)}`,
    disabled === undefined
      ? undefined
      : sql`disabled_at = ${disabled ? sql`coalesce(disabled_at, clock_timestamp())` : sql`null`}`,
  ].filter((item) => item !== undefined)
  const set = sql.join([sql`name = name`, ...given], ', ')
  return statement(
    'accounts/change',
    sql`update sluice_account set ${set} where ${named(name)} returning ${columns}`,
  )
}

async function setPassword(database: Database, name: string, password: string): Promise<Account> {
  const hash = await hashPassword(password)
  return await database.transaction(async (session) => {
    const [row] = (await run(session, accountNamed(name))).rows
    if (row === undefined) throw new UnknownAccountError(name)
    if (row['issuer'] !== null) throw new ForeignAccountError(name, 'password')
    const account = decode(await one(session, storePassword(name, hash)))
    await run(session, endSessions(account.name))
    return account
  })
}

function storePassword(name: string, hash: string): Statement<Row> {
  return statement(
    'accounts/set-password',
    sql`update sluice_account set password_hash = ${sql.value(hash)}, password_set_at = clock_timestamp()
    where ${named(name)} returning ${columns}`,
  )
}

function endSessions(account: string): Statement {
  return statement(
    'accounts/end-sessions',
    sql`delete from sluice_session where account = ${sql.value(account)}`,
  )
}

function deleteAccount(name: string): Statement<Row> {
  return statement(
    'accounts/delete',
    sql`delete from sluice_account where ${named(name)} returning ${columns}`,
  )
}

function accountNamed(name: string): Statement<Row> {
  return statement(
    'accounts/find',
    sql`select ${columns}, password_hash from sluice_account where ${named(name)}`,
  )
}

async function find(database: Database, name: string) {
  const [row] = (await database.session((session) => run(session, accountNamed(name)))).rows
  if (row === undefined) return undefined
  const hash = row['password_hash']
  return { account: decode(row), hash: typeof hash === 'string' ? hash : undefined }
}

async function verify(database: Database, name: string, password: string): Promise<Account | undefined> {
  const found = await find(database, name)
  const { good, outdated } = await verifyPassword(found?.hash, password)
  if (!good || found === undefined) return undefined
  const { account } = found
  if (account.disabledAt !== null) throw new AccountDisabledError(account.name)
  const stronger = outdated ? await hashPassword(password) : undefined
  return decode(
    await database.session((session) => one(session, noteSignIn(account.name, found.hash, stronger))),
  )
}

/** With a stronger hash of the same password, unless another one has been set meanwhile. */
function noteSignIn(name: string, hash: string | undefined, stronger: string | undefined): Statement<Row> {
  const set =
    stronger === undefined
      ? sql.blank
      : sql`, password_hash = case when password_hash = ${sql.value(hash ?? null)} then ${sql.value(stronger)} else password_hash end`
  return statement(
    'accounts/note-sign-in',
    sql`update sluice_account set last_sign_in_at = clock_timestamp()${set} where name = ${sql.value(name)} returning ${columns}`,
  )
}

async function keepKnown(database: Database, person: KnownElsewhere): Promise<Account> {
  const { rows } = await database.session(async (session) => {
    const updated = await run(session, updateKnown(person))
    return updated.rows.length > 0 ? updated : await run(session, insertKnown(person))
  })
  const [row] = rows
  if (row === undefined) throw new AccountNameTakenError(person.name)
  const account = decode(row)
  if (account.disabledAt !== null) throw new AccountDisabledError(account.name)
  return account
}

/** The name it was made with stays: histories bear it. */
function updateKnown({ issuer, subject, email, role }: KnownElsewhere): Statement<Row> {
  return statement(
    'accounts/update-known',
    sql`update sluice_account set role = ${sql.value(role)}, email = ${sql.value(email ?? null)},
      last_sign_in_at = case when disabled_at is null then clock_timestamp() else last_sign_in_at end
    where issuer = ${sql.value(issuer)} and subject = ${sql.value(subject)} returning ${columns}`,
  )
}

/** Returns no row where the name is somebody else's. */
function insertKnown({ issuer, subject, name, email, role }: KnownElsewhere): Statement<Row> {
  return statement(
    'accounts/insert-known',
    sql`insert into sluice_account (name, role, email, issuer, subject, created_by, last_sign_in_at)
    values (${sql.value(name)}, ${sql.value(role)}, ${sql.value(email ?? null)}, ${sql.value(issuer)}, ${sql.value(subject)},
      ${sql.value(issuer)}, clock_timestamp())
    on conflict do nothing returning ${columns}`,
  )
}

function known(name: string, { rows: [row] }: { readonly rows: readonly Row[] }): Account {
  if (row === undefined) throw new UnknownAccountError(name)
  return decode(row)
}

function decode(row: Row): Account {
  return accountSchema.parse({
    name: row['name'],
    role: row['role'],
    email: row['email'],
    signsInBy: row['issuer'] === null ? 'password' : 'openIdConnect',
    disabledAt: row['disabled_at'],
    createdAt: row['created_at'],
    createdBy: row['created_by'],
    passwordSetAt: row['password_set_at'],
    lastSignInAt: row['last_sign_in_at'],
  })
}
