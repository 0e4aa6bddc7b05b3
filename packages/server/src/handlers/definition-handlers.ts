/**
 * Definitions of sources: shown, stored, renamed, taken away. What has changed holds from the next request on.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { RequestRefusedError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function definitionHandlers(context: ServerContext) {
  const sources = () => {
    if (context.sources === undefined)
      throw new RequestRefusedError('this server has no file to read its configuration from')
    return context.sources
  }
  return {
    definitions: handler(routes.definitions, async () => ({ sources: await sources().list() })),

    definition: handler(routes.definition, async ({ params }) => await sources().describe(params.source)),

    definitionHistory: handler(routes.definitionHistory, async ({ params }) => ({
      changes: await sources().history(params.source),
    })),

    holdings: handler(routes.holdings, async ({ params }) => await sources().holdings(params.source)),

    applyDefinitions: handler(routes.applyDefinitions, async ({ body, caller, log }) => {
      const { file: path, text, dryRun, allowLoss } = body
      const applied = await sources().apply({ path, text }, { dryRun, allowLoss, by: caller.by })
      if (dryRun === true) return applied
      log.info({ by: caller.name, sources: applied.sources }, 'sources stored')
      await context.reload()
      return applied
    }),

    writeModules: handler(routes.writeModules, async ({ params: { source }, body, caller, log }) => {
      const { modules, version, dryRun, allowLoss } = body
      const options = { dryRun, allowLoss, by: caller.by }
      const applied = await sources().writeModules(source, { modules, version }, options)
      if (dryRun === true) return applied
      log.info({ by: caller.name, source }, 'modules stored')
      await context.reload()
      return applied
    }),

    deleteSource: handler(routes.deleteSource, async ({ params: { source }, body, caller, log }) => {
      const { resources, force, dryRun } = body
      const by = caller.by
      if (dryRun === true) return await sources().planRemoval(source, { resources, by })
      const { report } = await sources().remove(source, { resources, force, by })
      log.info({ source, by: caller.name, resources, state: report?.state }, 'source deleted')
      if (report !== null) context.metrics.ran(report)
      context.runDecided.notify()
      context.notificationsDue.notify()
      await context.reload()
      return { report, changes: [], rejected: [] }
    }),

    suspendSource: handler(routes.suspendSource, async ({ params: { source }, body, caller, log }) => {
      const suspension = await sources().suspend(source, { ...body, by: caller.by })
      log.info({ source, by: caller.name, until: suspension.until }, 'source suspended')
      return suspension
    }),

    resumeSource: handler(routes.resumeSource, async ({ params: { source }, caller, log }) => {
      const resumed = await sources().resume(source, { by: caller.by })
      log.info({ source, by: caller.name }, 'source resumed')
      context.queueChanged.notify()
      return { resumed }
    }),

    renameSource: handler(routes.renameSource, async ({ params: { source }, body: { to }, caller, log }) => {
      await sources().rename(source, to, { by: caller.by })
      log.info({ source, to, by: caller.name }, 'source renamed')
      await context.reload()
      return { source: to }
    }),
  }
}
