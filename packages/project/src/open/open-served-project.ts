/**
 * Opens what a server works on: a project's configuration, its repository, and the engine over the
 * inbox that all servers of the repository share.
 *
 * @module
 */

import { openSynchronizer, type Synchronizer } from '@sluice/inbox'
import type { Configuration, Environment } from '@sluice/model'
import {
  type OnStatement,
  openRepository,
  type Repository,
  readDefinitions,
  readRevision,
} from '@sluice/repository'
import { type ProjectPlace, readProject } from '../folder/load-configuration.ts'
import { LocalSources } from '../sources/local-sources.ts'
import type { Sources } from '../sources/sources.ts'
import { serverNeedsRestart } from './needs-restart.ts'
import { keepPrivate } from './private-work-folder.ts'

export interface ServedProject extends AsyncDisposable {
  readonly configuration: Configuration
  readonly repository: Repository
  readonly synchronizer: Synchronizer
  /** Reads the configuration again, and lets the tables follow it. */
  reread(): Promise<Reread>
  readonly sources: ServedSources
}

/** The sources, and whether the repository holds other definitions of them than those that were read last. */
type ServedSources = Sources & { haveChanged(): Promise<boolean> }

interface Reread {
  readonly configuration: Configuration
  readonly synchronizer: Synchronizer
  /** What was changed in the tables, a line each. */
  readonly changes: readonly string[]
  /** Settings that are otherwise now, and hold as they were until the server is started again. */
  readonly restart: readonly string[]
}

/** Brings the repository's tables up to the model, as `openProject` does. */
export async function openServedProject(
  of: ProjectPlace,
  options: { readonly environment: Environment; readonly onStatement?: OnStatement | undefined },
): Promise<ServedProject> {
  const place = await (await readProject(of, options)).require({ stored: 'unknown' })
  await keepPrivate(place)
  const repository = await openRepository(place.repository, { onStatement: options.onStatement })
  let revision = ''
  /** The place of the repository and the inbox are those that this process has taken. */
  const taken = { repository: place.repository, server: place.server }
  const read = async () => {
    const project = await readProject(of, options)
    const stored = await repository.database.session(readDefinitions)
    const found = await project.require({ stored: stored.definitions })
    const followed = await follow(repository, { ...found, ...taken })
    revision = stored.revision
    return { ...followed, restart: serverNeedsRestart(taken, found) }
  }
  try {
    const { configuration, synchronizer } = await read()
    const by = { kind: 'program', name: 'sluice server' } as const
    const sources = new LocalSources({
      repository,
      read: () => readProject(of, options),
      by,
      inboxOf: () => inboxOf(configuration),
    })
    return {
      configuration,
      repository,
      synchronizer,
      reread: read,
      sources: Object.assign(sources, {
        haveChanged: async () => (await repository.database.session(readRevision)) !== revision,
      }),
      [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
    }
  } catch (error) {
    await repository[Symbol.asyncDispose]()
    throw error
  }
}

async function follow(
  repository: Repository,
  configuration: Configuration,
): Promise<Omit<Reread, 'restart'>> {
  const { changes } = await repository.evolve(configuration)
  const inbox = inboxOf(configuration)
  const { parallelWorkers } = configuration.server
  const synchronizer = openSynchronizer({ repository, configuration, inbox, parallelWorkers })
  return { configuration, changes, synchronizer }
}

function inboxOf({ server }: Pick<Configuration, 'server'>) {
  return { folder: server.inbox, deliverySize: server.limits.deliverySize, quota: server.limits }
}
