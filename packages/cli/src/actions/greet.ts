/**
 * What `sluice server` says to whoever has started it: where it is, and how somebody comes in.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { Configuration } from '@sluice/model'
import { type AccountStore, openAccountStore, openTokenStore, type Repository } from '@sluice/project'
import type { Context } from '../context.ts'

type Greeted = Pick<Context, 'err'>

export async function greet({ err }: Greeted, { url }: { readonly url: string }): Promise<void> {
  await err.line(
    `Sluice listens at ${err.colors.bold(url)}: its console is ${url}/console/, its API is documented at ${url}/docs. Ctrl-C stops it.`,
  )
}

/** Another password at each start, because it is shown once. */
export async function letIn({ err }: Greeted, accounts: AccountStore): Promise<void> {
  const name = 'demo'
  const password = randomBytes(12).toString('base64url')
  const isThere = (await accounts.list()).some((account) => account.name === name)
  if (isThere) await accounts.setPassword(name, password)
  else await accounts.create({ name, role: 'admin', password }, 'sluice server --demo')
  await err.line(`Sign in as ${err.colors.bold(name)} with the password ${err.colors.bold(password)}`)
}

/** Where nobody can come in yet. */
export async function explainAccess(
  { err }: Greeted,
  { repository: { kind }, sources, server }: Configuration,
  { database }: Pick<Repository, 'database'>,
): Promise<void> {
  // A repository in a folder belongs to the server while it runs.
  const when = kind === 'folder' ? ' Stop the server, make one, and start it again' : ' Make one'
  if (server.signIn.openIdConnect === undefined && (await openAccountStore(database).isEmpty()))
    await err.line(
      `There is no account yet, so no person can sign in at the console.${when}: sluice account add NAME --role admin`,
    )
  const [source = 'SOURCE'] = sources.keys()
  if ((await openTokenStore(database).list()).length === 0)
    await err.line(
      `There is no token yet, so no agent and no program can use the server.${when}: sluice token create NAME --role agent --source ${source}`,
    )
}
