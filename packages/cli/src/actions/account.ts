/**
 * `sluice account`: which people may sign in at the servers of this repository.
 *
 * @module
 */
import {
  type Account,
  type AccountChange,
  type AccountRole,
  type Accounts,
  openAccounts,
} from '@sluice/project'
import { type Context, type GlobalOptions, orEmpty, serverOf, sqlOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatInstant } from '../output/quantities.ts'
import { type RecordColumn, writeRecords } from '../output/records.ts'
import { projectPath } from '../project-path.ts'
import { readNewPassword } from './read-new-password.ts'

export interface AccountFlags extends GlobalOptions {
  readonly role: AccountRole
  readonly email?: string
  readonly json?: boolean
  readonly local?: boolean
}

function accountsOf(context: Context, flags: AccountFlags): Promise<Accounts> {
  return openAccounts(projectPath(context, flags), {
    ...serverOf(context, flags),
    ...orEmpty(flags),
    local: flags.local,
    onStatement: sqlOf(context, flags),
  })
}

export async function add(context: Context, name: string, flags: AccountFlags): Promise<ExitStatus> {
  await using accounts = await accountsOf(context, flags)
  const { role, email, json } = flags
  const password = await readNewPassword(context)
  const wanted = { name, role, password, ...(email === undefined ? {} : { email }) }
  const account = await accounts.create(wanted, context.user)
  if (json === true) await context.out.line(JSON.stringify(account, undefined, 2))
  else await context.out.line(`Account ${account.name} is added: ${account.role}.`)
  return exitStatus.done
}

const columns: readonly RecordColumn[] = [
  { name: 'name', title: 'name' },
  { name: 'role', title: 'role' },
  { name: 'email', title: 'e-mail' },
  { name: 'by', title: 'signs in by' },
  { name: 'state', title: 'state' },
  { name: 'created', title: 'created (UTC)' },
  { name: 'lastSignIn', title: 'last sign-in' },
]

export async function list(context: Context, flags: AccountFlags): Promise<ExitStatus> {
  await using open = await accountsOf(context, flags)
  const accounts = await open.list()
  if (flags.json === true) await context.out.line(JSON.stringify(accounts, undefined, 2))
  else if (accounts.length === 0) await context.err.line('No account yet. `sluice account add` adds one.')
  else await writeRecords(context.out, 'table', columns, accounts.map(lineOf))
  return exitStatus.done
}

function lineOf({ name, role, email, signsInBy, disabledAt, createdAt, lastSignInAt }: Account) {
  return {
    name,
    role,
    email: email ?? '',
    by: signsInBy === 'password' ? 'password' : 'OpenID Connect',
    state: disabledAt === null ? 'enabled' : `disabled on ${formatInstant(disabledAt)}`,
    created: formatInstant(createdAt),
    lastSignIn: lastSignInAt === null ? 'never' : formatInstant(lastSignInAt),
  }
}

export async function setPassword(context: Context, name: string, flags: AccountFlags): Promise<ExitStatus> {
  await using accounts = await accountsOf(context, flags)
  const password = await readNewPassword(context)
  const account = await accounts.setPassword(name, password, context.user)
  await context.out.line(`The password of ${account.name} is set, and all its sessions are ended.`)
  return exitStatus.done
}

export async function change(
  context: Context,
  name: string,
  wanted: AccountChange,
  flags: AccountFlags,
): Promise<ExitStatus> {
  await using accounts = await accountsOf(context, flags)
  const { name: found, role } = await accounts.change(name, wanted, context.user)
  if (wanted.disabled === undefined) await context.out.line(`Account ${found} is ${role} now.`)
  else if (wanted.disabled)
    await context.out.line(`Account ${found} is disabled, and all its sessions are ended.`)
  else await context.out.line(`Account ${found} is enabled.`)
  return exitStatus.done
}

export async function remove(context: Context, name: string, flags: AccountFlags): Promise<ExitStatus> {
  await using accounts = await accountsOf(context, flags)
  const account = await accounts.remove(name, context.user)
  await context.out.line(`Account ${account.name} is deleted.`)
  return exitStatus.done
}
