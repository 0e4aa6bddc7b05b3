/**
 * Lets a server read its configuration again.
 *
 * @module
 */
import type { Environment } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { type ProjectPlace, requireConfiguration } from '../folder/load-configuration.ts'
import { linkOf } from './link-of.ts'

export interface ReloadedServer {
  /** Its address. */
  readonly server: string
  readonly sources: readonly string[]
  /** What was changed in the tables, a line each. */
  readonly changes: readonly string[]
  /** Settings that are otherwise now, and hold as they were until the server is started again. */
  readonly restart: readonly string[]
}

/**
 * With the token of an administrator. Throws what the server says where it cannot use what it reads; `undefined`: neither the
 * options nor the configuration name a server.
 */
export async function reloadServer(
  of: ProjectPlace,
  options: {
    readonly environment: Environment
    /** Address of the server, in place of `agent.server`. */
    readonly server?: string | undefined
    readonly token?: string | undefined
    /** Where `server` is given, a folder without a project will do. */
    readonly orEmpty?: boolean | undefined
  },
): Promise<ReloadedServer | undefined> {
  const { environment, server } = options
  const orEmpty = options.orEmpty === true && server !== undefined
  const link = await linkOf(
    await requireConfiguration(of, { environment, orEmpty, stored: 'unknown' }),
    options,
  )
  if (link === undefined) return undefined
  await using open = link
  const { sources, changes, restart } = await open.client.call(routes.reload, { params: {} })
  return { server: open.client.server, sources, changes, restart }
}
