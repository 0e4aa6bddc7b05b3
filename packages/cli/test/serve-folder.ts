/**
 * A server of a project, in this process, and what commands need to work through it.
 *
 * @module
 */

import type { NewToken } from '@sluice/model'
import { openServedProject, openTokenStore, type ServedProject } from '@sluice/project'
import { startServer } from '@sluice/server'
import pino from 'pino'

export interface ServedFolder extends AsyncDisposable {
  readonly project: ServedProject
  /** Makes a token; the environment of commands that work through the server with it. */
  environmentOf(token: NewToken): Promise<Readonly<Record<string, string>>>
}

export async function serveFolder(folder: string): Promise<ServedFolder> {
  await using opening = new AsyncDisposableStack()
  const project = opening.use(await openServedProject(folder, { environment: {} }))
  const { configuration, repository, synchronizer, reread, sources } = project
  const { url } = opening.use(
    await startServer({
      configuration: { ...configuration, server: { ...configuration.server, port: 0 } },
      repository,
      synchronizer,
      reread,
      sources,
      log: pino({ level: 'silent' }),
      version: '0.0.0',
    }),
  )
  const tokens = openTokenStore(repository.database)
  const opened = opening.move()
  return {
    project,
    async environmentOf(token) {
      const { secret } = await tokens.create(token, 'test', configuration.sources.keys())
      return { SLUICE_SERVER: url, SLUICE_TOKEN: secret }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
