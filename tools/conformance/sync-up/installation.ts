/**
 * The product as a case finds it: everything in one process, or an agent and a server that speak HTTP.
 *
 * The server of a case answers and receives, but synchronizes nothing of its own accord, because the cases say
 * when the queue is synchronized.
 *
 * @module
 */
import {
  openLocalProject,
  openProject,
  openServedProject,
  openTokenStore,
  type Project,
  type Repository,
} from '@sluice/project'
import { startServer } from '@sluice/server'
import pino from 'pino'
import type { Workplace } from '../suite.ts'

export interface Installation extends AsyncDisposable {
  /** Where the agent delivers and people decide. */
  readonly project: Project
  /** The repository itself, to be looked at, and to be changed behind the back of the product. */
  readonly repository: Repository
  /** Synchronizes the first delivery of a source's queue. */
  synchronize(source: string, options: { readonly force: boolean }): Promise<void>
}

export function install({ folder, through = 'process' }: Workplace): Promise<Installation> {
  return through === 'http' ? installServer(folder) : installEmbedded(folder)
}

async function installEmbedded(folder: string): Promise<Installation> {
  const project = await openLocalProject(folder)
  return {
    project,
    repository: project.repository,
    synchronize: async (source, { force }) => void (await project.synchronize(source, { force, limit: 1 })),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}

async function installServer(folder: string): Promise<Installation> {
  await using opened = new AsyncDisposableStack()
  const { configuration, repository, synchronizer } = opened.use(
    await openServedProject(folder, { environment: {} }),
  )
  const server = opened.use(
    await startServer({
      configuration: { ...configuration, server: { ...configuration.server, port: 0 } },
      repository,
      synchronizer,
      log: pino({ level: 'silent' }),
      version: '0.0.0',
      synchronizes: false,
    }),
  )
  const { secret } = await openTokenStore(repository.database).create(
    { name: 'case', role: 'admin', sources: [] },
    'case',
    [],
  )
  const project = opened.use(
    await openProject(folder, { environment: {}, server: server.url, token: secret }),
  )
  const all = opened.move()
  return {
    project,
    repository,
    synchronize: async (source, { force }) =>
      void (await synchronizer.synchronize(source, { force, limit: 1 })),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
