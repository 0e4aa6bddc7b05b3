/**
 * The tokens of a repository: on the repository itself, or through a server with the token of an administrator.
 *
 * @module
 */
import type { Environment, NewToken, Token } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { type OnStatement, openRepository, openTokenStore, readDefinitions } from '@sluice/repository'
import { type ProjectPlace, requireConfiguration } from '../folder/load-configuration.ts'
import { linkOf } from './link-of.ts'

export interface Tokens extends AsyncDisposable {
  /** The secret is in this answer and nowhere else. Through a server, its maker is the token that asks for it. */
  create(token: NewToken, by: string): Promise<{ readonly token: Token; readonly secret: string }>
  /** By name. */
  list(): Promise<readonly Token[]>
  /** Requests with it fail from now on. */
  revoke(name: string): Promise<Token>
}

export interface OpenTokensOptions {
  readonly environment: Environment
  /** Address of a server to ask, in place of `agent.server`. */
  readonly server?: string | undefined
  readonly token?: string | undefined
  /** On the repository itself, even where a server is configured. */
  readonly local?: boolean | undefined
  /** Where `server` is given, a folder without a project will do. */
  readonly orEmpty?: boolean | undefined
  /** Called with every statement that the repository's database executes here. */
  readonly onStatement?: OnStatement | undefined
}

/** Opens the tokens of a project's repository, here or, where a server is named and `local` is not set, through that. */
export async function openTokens(of: ProjectPlace, options: OpenTokensOptions): Promise<Tokens> {
  const { environment, server, local = false } = options
  const orEmpty = options.orEmpty === true && server !== undefined && !local
  const configuration = await requireConfiguration(of, { environment, orEmpty, stored: 'unknown' })
  const link = local ? undefined : await linkOf(configuration, options)
  if (link !== undefined) {
    const { client } = link
    return {
      create: (token) => client.call(routes.createToken, { params: {}, body: token }),
      list: async () => (await client.call(routes.tokens, { params: {} })).tokens,
      revoke: (name) => client.call(routes.revokeToken, { params: { name } }),
      [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
    }
  }
  const repository = await openRepository(configuration.repository, { onStatement: options.onStatement })
  const store = openTokenStore(repository.database)
  return {
    create: async (token, by) => {
      const { definitions } = await repository.database.session(readDefinitions)
      const stored = definitions.map(({ name }) => name)
      return await store.create(token, by, [...configuration.sources.keys(), ...stored])
    },
    list: () => store.list(),
    revoke: (name) => store.revoke(name),
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  }
}
