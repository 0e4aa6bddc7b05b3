/**
 * What a process took from its configuration when it was started, and does not take again: a name for each setting that differs now.
 *
 * @module
 */
import type { Configuration, ServerSettings } from '@sluice/model'

/** As people write them. `listen` is host and port. */
const ofServer: Readonly<Record<string, (settings: ServerSettings) => unknown>> = {
  listen: ({ host, port }) => `${host}:${port}`,
  tls: ({ tls }) => tls,
  behindProxy: ({ behindProxy }) => behindProxy,
  publicUrl: ({ publicUrl }) => publicUrl,
  inbox: ({ inbox }) => inbox,
  deliveryExpiry: ({ deliveryExpiry }) => deliveryExpiry,
  runsAtOnce: ({ runsAtOnce }) => runsAtOnce,
  parallelWorkers: ({ parallelWorkers }) => parallelWorkers,
  stopTimeout: ({ stopTimeout }) => stopTimeout,
  limits: ({ limits }) => limits,
  signIn: ({ signIn }) => signIn,
}

type Taken = Pick<Configuration, 'repository' | 'server'>

/** Of a server: `server.listen`, `repository`. */
export function serverNeedsRestart(taken: Taken, found: Taken): readonly string[] {
  const server = Object.entries(ofServer).flatMap(([name, of]) =>
    differs(of(taken.server), of(found.server)) ? [`server.${name}`] : [],
  )
  return differs(taken.repository, found.repository) ? ['repository', ...server] : server
}

/** Of an agent: which files it works with, whether it reaches a server at all, and how often it looks for what has aged. */
export function agentNeedsRestart(taken: Configuration, found: Configuration): readonly string[] {
  const hadServer = taken.agent.server !== undefined
  return [
    ...(taken.workFolder === found.workFolder ? [] : ['workFolder']),
    ...(hadServer === (found.agent.server !== undefined) ? [] : ['agent.server']),
    ...(taken.agent.remoteChecks === found.agent.remoteChecks ? [] : ['agent.remoteChecks']),
    ...(taken.agent.remotePreviews === found.agent.remotePreviews ? [] : ['agent.remotePreviews']),
    // With a server, that looks.
    ...(hadServer || taken.ageing === found.ageing ? [] : ['ageing']),
  ]
}

function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other)
}
