/**
 * An edit from its beginning to its end: recorded in the transaction that applies it.
 *
 * Whoever asked waits for the answer and asks again where none comes, so nothing has to tell of a process that died, and what is refused
 * has changed nothing that anybody would look for among the runs.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { withHiddenSecrets } from '../edit/hide-secrets.ts'
import { type Asked, keepRequest } from './edit-run.ts'
import type { EngineContext } from './engine-context.ts'
import { carryOut, type RunRequest, turnOf } from './execute-run.ts'
import { beginRun } from './run-record.ts'
import { transactionInTurn } from './take-turn.ts'

export async function executeEdit(context: EngineContext, request: RunRequest): Promise<RunReport> {
  const { database, modelWatch } = context
  const execute = async (session: Session, waited: number) => {
    await modelWatch.check(session)
    const of = { forced: request.forced === true, ownProcess: false }
    const start = await beginRun(session, request.origin, of)
    const done = await carryOut(context, session, { request, start, straight: false, waited })
    if (done.event === 'thresholdExceeded' && request.asked !== undefined)
      await keepRequest(session, start.runId, await hidden(context, request.asked))
    return done.report
  }
  const report = await transactionInTurn(database, execute, turnOf(request))
  await database.checkpoint()
  return report
}

async function hidden({ configuration: { model } }: EngineContext, asked: Asked): Promise<Asked> {
  return 'edits' in asked ? await withHiddenSecrets(model, asked) : asked
}
