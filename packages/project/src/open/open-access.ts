/**
 * Where is asked who may come in: at the repository itself, so that the first token or account can be made by whoever owns it; or through a server,
 * for an administrator elsewhere.
 *
 * @module
 */
import type { Configuration, Environment, RunBy } from '@sluice/model'
import type { Client } from '@sluice/protocol'
import {
  type AuditLog,
  type OnStatement,
  openAuditLog,
  openRepository,
  type Repository,
} from '@sluice/repository'
import { type ProjectPlace, requireConfiguration } from '../folder/load-configuration.ts'
import { linkOf } from './link-of.ts'

export interface OpenAccessOptions {
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

export type Access = AsyncDisposable &
  (
    | { readonly kind: 'server'; readonly client: Client }
    | {
        readonly kind: 'repository'
        readonly repository: Repository
        readonly configuration: Configuration
        readonly audit: AuditLog
      }
  )

export async function openAccess(of: ProjectPlace, options: OpenAccessOptions): Promise<Access> {
  const { environment, server, local = false } = options
  const orEmpty = options.orEmpty === true && server !== undefined && !local
  const configuration = await requireConfiguration(of, { environment, orEmpty, stored: 'unknown' })
  const link = local ? undefined : await linkOf(configuration, options)
  if (link !== undefined) {
    const close = () => link[Symbol.asyncDispose]()
    return { kind: 'server', client: link.client, [Symbol.asyncDispose]: close }
  }
  const repository = await openRepository(configuration.repository, { onStatement: options.onStatement })
  return {
    kind: 'repository',
    repository,
    configuration,
    audit: openAuditLog(repository.database),
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  }
}

/** Writes down what was done here, as a server does of what is done through it. */
export async function noted<T>(
  audit: AuditLog,
  done: { readonly by: string; readonly action: string; readonly subject: string },
  work: () => Promise<T>,
): Promise<T> {
  const result = await work()
  const by: RunBy = { kind: 'command-line', name: done.by }
  await audit.record({ ...done, by, status: 200 })
  return result
}
