/**
 * A repository that also explains what roots of graphs have made: the repository itself knows of no mapping language.
 *
 * @module
 */
import type { SourceRoots } from '@sluice/inbox'
import type { Repository } from '@sluice/repository'

/** `rootsOf`: is asked when there is something to explain. */
export function explaining(
  repository: Repository,
  rootsOf: () => Promise<Pick<SourceRoots, 'explain'>>,
): Repository {
  return {
    ...repository,
    explain: async (entityType, key) => {
      const explanation = await repository.explain(entityType, key)
      if (explanation === undefined) return undefined
      return await (await rootsOf()).explain(explanation)
    },
  }
}
