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
}

/** Brings the repository's tables up to the model, as `openProject` does. */
export async function openServedProject(
  path: string,
  options: { readonly environment: Environment; readonly onStatement?: OnStatement | undefined },
): Promise<ServedProject> {
  const configuration = await requireConfiguration(path, options)
  const { server } = configuration
  const repository = await openRepository(configuration.repository, { onStatement: options.onStatement })
  try {
    await repository.evolve(configuration)
    const inbox = { folder: server.inbox, deliverySize: server.limits.deliverySize }
    return {
      configuration,
      repository,
      synchronizer: openSynchronizer({ repository, configuration, inbox }),
      [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
    }
  } catch (error) {
    await repository[Symbol.asyncDispose]()
    throw error
  }
}
