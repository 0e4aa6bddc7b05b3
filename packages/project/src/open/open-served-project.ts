/**
 * Opens what a server works on: a project's configuration, its repository, and the engine over the
 * inbox that all servers of the repository share.
 *
 * @module
 */
import { openSynchronizer, type Synchronizer } from '@sluice/inbox'
import type { Configuration, Environment } from '@sluice/model'
import { type OnStatement, openRepository, type Repository } from '@sluice/repository'
import { requireConfiguration } from '../folder/load-configuration.ts'

export interface ServedProject extends AsyncDisposable {
  readonly configuration: Configuration
  readonly repository: Repository
  readonly synchronizer: Synchronizer
  /** Reads the configuration again, and lets the tables follow it. */
  reread(): Promise<Reread>
}

interface Reread {
  readonly configuration: Configuration
  readonly synchronizer: Synchronizer
  /** What was changed in the tables, a line each. */
  readonly changes: readonly string[]
}

/** Brings the repository's tables up to the model, as `openProject` does. */
export async function openServedProject(
  path: string,
  options: { readonly environment: Environment; readonly onStatement?: OnStatement | undefined },
): Promise<ServedProject> {
  const configuration = await requireConfiguration(path, options)
  const repository = await openRepository(configuration.repository, { onStatement: options.onStatement })
  try {
    const first = await follow(repository, configuration)
    return {
      configuration,
      repository,
      synchronizer: first.synchronizer,
      reread: async () => {
        const next = await requireConfiguration(path, options)
        // The place of the repository and the inbox are those that this process has taken.
        const { repository: place, server } = configuration
        return await follow(repository, { ...next, repository: place, server })
      },
      [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
    }
  } catch (error) {
    await repository[Symbol.asyncDispose]()
    throw error
  }
}

async function follow(repository: Repository, configuration: Configuration): Promise<Reread> {
  const { changes } = await repository.evolve(configuration)
  const { server } = configuration
  const inbox = { folder: server.inbox, deliverySize: server.limits.deliverySize }
  return { configuration, changes, synchronizer: openSynchronizer({ repository, configuration, inbox }) }
}
