/**
 * An edit from its beginning to its end: recorded in the transaction that applies it.
 *
 * Whoever asked waits for the answer and asks again where none comes, so nothing has to tell of a process that died, and what is refused
 * has changed nothing that anybody would look for among the runs.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import { withHiddenSecrets } from '../edit/hide-secrets.ts'
import { type Asked, keepRequest } from './edit-run.ts'
import type { EngineContext } from './engine-context.ts'
import { carryOut, type RunRequest, waitForTurn } from './execute-run.ts'
import { beginRun } from './run-record.ts'

export async function executeEdit(context: EngineContext, request: RunRequest): Promise<RunReport> {
  const { database, modelWatch } = context
  const report = await database.transaction(async (session) => {
    const asked = performance.now()
    await waitForTurn(session, request)
    await modelWatch.check(session)
    const waited = performance.now() - asked
    const of = { forced: request.forced === true, ownProcess: false }
    const start = await beginRun(session, request.origin, of)
    const done = await carryOut(context, session, { request, start, straight: false, waited })
    if (done.event === 'thresholdExceeded' && request.asked !== undefined)
      await keepRequest(session, start.runId, await hidden(context, request.asked))
    return done.report
  })
  await database.checkpoint()
  return report
}

async function hidden({ configuration: { model } }: EngineContext, asked: Asked): Promise<Asked> {
  return 'edits' in asked ? await withHiddenSecrets(model, asked) : asked
}
