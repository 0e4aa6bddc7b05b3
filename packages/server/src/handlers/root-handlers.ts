/**
 * Roots of sources that are graphs: which there are, what one gives, to evaluate some anew.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function rootHandlers({ synchronizer, repository, metrics }: ServerContext) {
  return {
    roots: handler(routes.roots, async ({ params, query }) => repository.roots(params.source, query)),

    root: handler(routes.root, async ({ params: { source, root } }) => {
      const found = await synchronizer.roots.show(source, root)
      if (found === undefined) throw new NothingThereError(`root ${root} of ${source}`)
      return found
    }),

    modules: handler(routes.modules, async ({ params }) => await synchronizer.roots.modules(params.source)),

    tryModules: handler(
      routes.tryModules,
      async ({ params, body }) => await synchronizer.roots.try(params.source, body),
    ),

    evaluateRoots: handler(routes.evaluateRoots, async ({ params: { source }, body, caller, log }) => {
      const { wanted, reason: comment, dryRun, force } = body
      const { by } = caller
      const nothing = { report: null, changes: [], rejected: [] }
      if (dryRun === true) return (await synchronizer.roots.plan(source, wanted, { by, comment })) ?? nothing
      log.info({ source, by: caller.name }, 'roots evaluated again')
      const report = await synchronizer.roots.evaluate(source, wanted, { by, comment, force })
      if (report === undefined) return nothing
      metrics.ran(report)
      return { ...nothing, report }
    }),
  }
}
