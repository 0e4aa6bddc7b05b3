/**
 * Lets go what has disappeared from a source for long enough.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import { reaches } from '../access/caller.ts'
import { ownPartOf, seenPart } from '../access/own-part.ts'
import type { ServerContext } from '../server-context.ts'
import { noSuchSource } from '../server-errors.ts'
import { handler } from './handler.ts'
import { runnerOf } from './runner-of.ts'

/** Changes of each kind that a dry run shows. */
const changesShown = 3
const nothing = { report: null, changes: [], rejected: [] }

export function ageingHandlers(context: ServerContext) {
  const { ageing } = context.synchronizer
  return {
    ageingSources: handler(routes.ageingSources, async ({ caller }) => ({
      sources: ageing.sources().filter((name) => reaches(caller, name)),
    })),

    age: handler(routes.age, async ({ params: { source }, body, caller, log }) => {
      if (!context.configuration.sources.has(source) || !reaches(caller, source)) throw noSuchSource(source)
      const { dryRun, force, sample = changesShown } = body
      const options = { by: caller.by, runner: runnerOf(caller) } as const
      const part = ownPartOf(caller, context.configuration)
      if (dryRun === true)
        return seenPart(part, (await ageing.plan(source, { ...options, sample })) ?? nothing)
      const report = await ageing.age(source, { ...options, force })
      if (report === undefined) return nothing
      log.info({ source, by: caller.name, run: report.run, state: report.state }, 'source aged')
      context.metrics.ran(report)
      context.runDecided.notify()
      context.notificationsDue.notify()
      return seenPart(part, { ...nothing, report })
    }),
  }
}
