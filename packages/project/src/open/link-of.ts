/**
 * The server that a project works through, if it is one that does.
 *
 * @module
 */
import { ServerLink, UnreadableServerFileError } from '@sluice/agent'
import { readText, warnOfOpenSecret } from '@sluice/files'
import type { Configuration, Environment } from '@sluice/model'

export interface LinkOptions {
  readonly environment: Environment
  readonly server?: string | undefined
  readonly token?: string | undefined
}

/** The server that the project works through; `undefined` when the repository is in this process. */
export async function linkOf(
  { agent }: Pick<Configuration, 'agent'>,
  options: LinkOptions,
): Promise<ServerLink | undefined> {
  const server = options.server ?? agent.server
  if (server === undefined) return undefined
  const token = options.token ?? agent.token ?? (await tokenIn(agent.tokenFile))
  const { certificateAuthority } = agent
  return ServerLink.open({ server, token, certificateAuthority, environment: options.environment })
}

async function tokenIn(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  const text = await readText(path).catch((cause: unknown) => {
    throw new UnreadableServerFileError(path, cause)
  })
  await warnOfOpenSecret('token', path)
  return text.trim()
}
