/**
 * The tokens of a repository: on the repository itself, or through a server with the token of an administrator.
 *
 * @module
 */
import type { NewToken, Token } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { openTokenStore, readDefinitions } from '@sluice/repository'
import type { ProjectPlace } from '../folder/load-configuration.ts'
import { noted, type OpenAccessOptions, openAccess } from './open-access.ts'

export interface Tokens extends AsyncDisposable {
  /** The secret is in this answer and nowhere else. Through a server, its maker is the token that asks for it. */
  create(token: NewToken, by: string): Promise<{ readonly token: Token; readonly secret: string }>
  /** By name. */
  list(): Promise<readonly Token[]>
  /** Requests with it fail from now on. */
  revoke(name: string, by: string): Promise<Token>
}

/** Opens the tokens of a project's repository, here or, where a server is named and `local` is not set, through that. */
export async function openTokens(of: ProjectPlace, options: OpenAccessOptions): Promise<Tokens> {
  const access = await openAccess(of, options)
  const close = () => access[Symbol.asyncDispose]()
  if (access.kind === 'server') {
    const { client } = access
    return {
      create: (token) => client.call(routes.createToken, { params: {}, body: token }),
      list: async () => (await client.call(routes.tokens, { params: {} })).tokens,
      revoke: (name) => client.call(routes.revokeToken, { params: { name } }),
      [Symbol.asyncDispose]: close,
    }
  }
  const { repository, configuration, audit } = access
  const store = openTokenStore(repository.database)
  return {
    create: async (token, by) => {
      const { definitions } = await repository.database.session(readDefinitions)
      const stored = definitions.map(({ name }) => name)
      return await noted(audit, { by, action: 'createToken', subject: `/tokens/${token.name}` }, () =>
        store.create(token, by, [...configuration.sources.keys(), ...stored]),
      )
    },
    list: () => store.list(),
    revoke: (name, by) =>
      noted(audit, { by, action: 'revokeToken', subject: `/tokens/${name}` }, () => store.revoke(name)),
    [Symbol.asyncDispose]: close,
  }
}
