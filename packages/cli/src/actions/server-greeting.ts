/**
 * What a server says when it begins to listen: where it is, and how agents and people come in.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { Configuration } from '@sluice/model'
import { openAccountStore, openTokenStore, type Repository } from '@sluice/project'
import type { Context } from '../context.ts'

interface Greeted {
  readonly configuration: Configuration
  readonly database: Repository['database']
  /** Whoever has started it is let in at once. */
  readonly demo: boolean
}

export async function greet(
  context: Context,
  url: string,
  { configuration, database, demo }: Greeted,
): Promise<void> {
  const { err } = context
  if (err.interactive || demo) {
    await err.line(
      `Sluice listens at ${err.colors.bold(url)}: its console is at ${url}/console/, and ${url}/docs documents its API. Ctrl-C stops it.`,
    )
  }
  if (demo) return await letIn(context, openAccountStore(database))
  const byProvider = configuration.server.signIn.openIdConnect !== undefined
  if (!byProvider && (await openAccountStore(database).isEmpty()))
    await explainAccounts(context, configuration)
  if ((await openTokenStore(database).list()).length === 0) await explainTokens(context, configuration)
}

/** With another password at each start, because it is shown once. */
async function letIn({ err }: Context, accounts: ReturnType<typeof openAccountStore>): Promise<void> {
  const name = 'demo'
  const password = randomBytes(12).toString('base64url')
  if ((await accounts.list()).some((account) => account.name === name))
    await accounts.setPassword(name, password)
  else await accounts.create({ name, role: 'admin', password }, 'sluice server --demo')
  await err.line(`Sign in as ${err.colors.bold(name)} with the password ${err.colors.bold(password)}`)
}

/** A repository in a folder belongs to the server while it runs. */
function whenToMake({ repository }: Configuration): string {
  return repository.kind === 'folder' ? ' Stop the server, make one, and start it again' : ' Make one'
}

async function explainAccounts({ err }: Context, configuration: Configuration): Promise<void> {
  await err.line(
    `There is no account yet, so no person can sign in at the console.${whenToMake(configuration)}: sluice account add NAME --role admin`,
  )
}

async function explainTokens({ err }: Context, configuration: Configuration): Promise<void> {
  const [source = 'SOURCE'] = configuration.sources.keys()
  await err.line(
    `There is no token yet, so no agent and no program can use the server.${whenToMake(configuration)}: sluice token create NAME --role agent --source ${source}`,
  )
}
