/**
 * Runs a source on the rows of which somebody has just decided to which resource they belong.
 *
 * @module
 */
import { type Engine, produceFromReplicas } from '@sluice/engine'
import type { Configuration, RunBy, RunReport } from '@sluice/model'
import { type Database, readSuspensions, type Session, sourceLock } from '@sluice/repository'

export interface DecisionParts {
  readonly database: Database
  readonly configuration: Pick<Configuration, 'sources'>
  readonly engine: Pick<Engine, 'run'>
  /** Notes the runs of the source as interrupted of which a process died. */
  readonly settleLeft: (source: string) => Promise<unknown>
}

/**
 * `undefined`: somebody works on the source at the moment, or it is not to be run, or suspended; its next run carries the decisions out. Thresholds do not
 * hold the run: each of its rows was decided about by a person.
 */
export async function carryOutDecisions(
  { database, configuration, engine, settleLeft }: DecisionParts,
  source: string,
  of: { readonly by: RunBy; readonly comment?: string | undefined; readonly rows: number },
): Promise<RunReport | undefined> {
  const known = configuration.sources.get(source)
  if (known === undefined || known.status === 'obsolete') return undefined
  const done = await database.exclusively(sourceLock(source), async () => {
    await settleLeft(source)
    if (await database.session((session) => suspended(session, source))) return undefined
    return await engine.run({
      origin: { cause: 'decision', by: of.by, source, delivery: null, mode: null, comment: of.comment },
      produce: produceFromReplicas({ source, loaded: false, decided: true }),
      rows: of.rows,
      forced: true,
    })
  })
  return done?.result
}

async function suspended(session: Session, source: string): Promise<boolean> {
  return (await readSuspensions(session, source)).size > 0
}
