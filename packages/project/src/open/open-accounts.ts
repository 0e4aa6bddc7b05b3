/**
 * The accounts of a repository and its audit log: on the repository itself, or through a server with the token of an administrator.
 *
 * @module
 */
import type { Account, AccountChange, AuditQuery, AuditRecord, NewAccount } from '@sluice/model'
import { type Client, routes } from '@sluice/protocol'
import { openAccountStore } from '@sluice/repository'
import type { ProjectPlace } from '../folder/load-configuration.ts'
import { noted, type OpenAccessOptions, openAccess } from './open-access.ts'

/** `by`: who asks for it on this machine; through a server that is the token. */
export interface Accounts extends AsyncDisposable {
  create(account: NewAccount, by: string): Promise<Account>
  /** By name. */
  list(): Promise<readonly Account[]>
  /** Whoever is disabled is signed out everywhere. */
  change(name: string, change: AccountChange, by: string): Promise<Account>
  /** Ends all sessions of the account. */
  setPassword(name: string, password: string, by: string): Promise<Account>
  remove(name: string, by: string): Promise<Account>
  /** The newest entries of the audit log. */
  audit(query: AuditQuery): Promise<readonly AuditRecord[]>
}

/** Opens the accounts of a project's repository, here or, where a server is named and `local` is not set, through that. */
export async function openAccounts(of: ProjectPlace, options: OpenAccessOptions): Promise<Accounts> {
  const access = await openAccess(of, options)
  const close = () => access[Symbol.asyncDispose]()
  if (access.kind === 'server') return { ...throughServer(access.client), [Symbol.asyncDispose]: close }
  const { repository, audit } = access
  const store = openAccountStore(repository.database)
  return {
    create: (account, by) =>
      noted(audit, { by, action: 'createAccount', subject: `/accounts/${account.name}` }, () =>
        store.create(account, by),
      ),
    list: () => store.list(),
    change: (name, change, by) =>
      noted(audit, { by, action: 'changeAccount', subject: `/accounts/${name}` }, () =>
        store.change(name, change),
      ),
    setPassword: (name, password, by) =>
      noted(audit, { by, action: 'setPassword', subject: `/accounts/${name}/password` }, () =>
        store.setPassword(name, password),
      ),
    remove: (name, by) =>
      noted(audit, { by, action: 'deleteAccount', subject: `/accounts/${name}` }, () => store.remove(name)),
    audit: (query) => audit.read(query),
    [Symbol.asyncDispose]: close,
  }
}

function throughServer(client: Client): Omit<Accounts, typeof Symbol.asyncDispose> {
  return {
    create: (account) => client.call(routes.createAccount, { params: {}, body: account }),
    list: async () => (await client.call(routes.accounts, { params: {} })).accounts,
    change: (name, change) => client.call(routes.changeAccount, { params: { name }, body: change }),
    setPassword: (name, password) =>
      client.call(routes.setPassword, { params: { name }, body: { password } }),
    remove: (name) => client.call(routes.deleteAccount, { params: { name } }),
    audit: async (query) => (await client.call(routes.audit, { params: {}, query })).entries,
  }
}
