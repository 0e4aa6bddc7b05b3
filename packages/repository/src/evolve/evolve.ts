/**
 * Makes the tables follow the model and the sources of a configuration.
 *
 * What was there before is in `sluice_model`; the difference becomes statements, run in one
 * transaction. Whatever only adds, or converts without loss, happens by itself. What would lose
 * stored data is refused, unless it is asked for; where there is nothing to lose, nothing is asked.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type Configuration,
  decodeModel,
  encodeModel,
  type RunBy,
  type StoredModel,
  storedModelOf,
} from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { lockRuns, lockTables } from '../database/lock-tables.ts'
import { one, run } from '../database/run-statement.ts'
import { statementFailureOf } from '../database/statement-errors.ts'
import { readModel } from '../read/read-model.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { checkNames } from './check-names.ts'
import { associationSteps } from './evolve-associations.ts'
import { entityTypeSteps } from './evolve-entity-types.ts'
import { ForeignObjectError, ModelInUseError, ModelLossError, ModelNamesError } from './evolve-errors.ts'
import { leavingScopeSteps } from './evolve-scopes.ts'
import { arrivingSourceSteps, leavingSourceSteps } from './evolve-sources.ts'
import { familyViewStatements } from './family-views.ts'
import { indexStatements } from './indexes.ts'
import { type Renames, renameSource, renamesToDo } from './rename-sources.ts'
import type { Step, Transition } from './step.ts'

export interface EvolveOptions {
  /** Also do what loses stored data. */
  readonly allowLoss?: boolean | undefined
  /** Sources that have another name now. */
  readonly renames?: Renames | undefined
  /**
   * Somebody wants exactly this, and it does not come of a configuration that may be an older one: servers that work with what is
   * taken away notice, and follow.
   */
  readonly meant?: boolean | undefined
  /** The transaction is that of a run, which nobody who changes tables is in the way of. */
  readonly withinRun?: boolean | undefined
  /** Who has it done. */
  readonly by?: RunBy | undefined
}

export interface Evolution {
  /** What was changed, a line each; empty when the tables followed the model already. */
  readonly changes: readonly string[]
  /** Of these, what lost stored data. */
  readonly losses: readonly string[]
}

/** Changes nothing, and writes nothing, when the tables follow the model already. */
export async function evolve(
  database: Database,
  configuration: Configuration,
  options: EvolveOptions = {},
): Promise<Evolution> {
  const after = modelOf(configuration)
  if (isDeepStrictEqual(await database.session(readModel), after)) return nothingChanged
  const renames = renamesOf(configuration)
  return await database.transaction((session) =>
    evolveWithin(database, session, after, { renames, ...options }),
  )
}

/** What the files of a configuration say of names that sources had before. */
export function renamesOf({ definitions }: Pick<Configuration, 'definitions'>): Renames {
  return new Map(
    [...definitions].flatMap(([name, { renamedFrom }]) =>
      renamedFrom === undefined ? [] : [[name, renamedFrom]],
    ),
  )
}

/** Waits until nobody changes tables or runs any more; held to the end of the transaction. */
export async function lockModel(session: Session, schema: string): Promise<void> {
  await run(session, lockTables(schema))
  await run(session, lockRuns)
}

/** As `evolve`, in a transaction that somebody else ends. */
export async function evolveWithin(
  database: Pick<Database, 'schema' | 'tryExclusive'>,
  session: Session,
  after: StoredModel,
  { allowLoss = false, renames = new Map(), meant, withinRun, by = aProgram }: EvolveOptions = {},
): Promise<Evolution> {
  if (withinRun !== true) await run(session, lockTables(database.schema))
  // Read now: another process may have been faster.
  if (isDeepStrictEqual(await readModel(session), after)) return nothingChanged
  await run(session, lockRuns)
  // And now: a run that was waited for may have taken a source away.
  let before = await readModel(session)
  const renamed = renamesToDo(renames, { before, after })
  for (const each of renamed) before = await renameSource(session, before, each, by)
  const steps = planEvolution({
    before,
    after,
    sourceIds: await knowSources(session, [...after.sources.keys()]),
  })
  const losses = await lossesOf(session, steps)
  if (losses.length > 0 && !allowLoss) throw new ModelLossError(losses)
  const taken = steps.filter(({ loss }) => loss !== undefined).map(({ change }) => change)
  if (taken.length > 0 && meant !== true && !(await database.tryExclusive(session, modelLock)))
    throw new ModelInUseError(taken)
  for (const step of steps) await runStep(session, step)
  await run(session, rememberModel(after))
  const renamings = renamed.map(({ from, to }) => `renames source ${from} to ${to}`)
  const changes = steps.filter(({ quiet }) => !quiet).map(({ change }) => change)
  return { changes: [...renamings, ...changes], losses }
}

const aProgram: RunBy = { kind: 'program', name: 'sluice' }

const nothingChanged: Evolution = { changes: [], losses: [] }

/** Shared by every server that works with the model of the repository. */
export const modelLock = 'model'

/** The model of a configuration as it is stored; throws where its names do not fit into a database. */
export function modelOf(configuration: Pick<Configuration, 'model' | 'sources'>): StoredModel {
  // Through JSON and back, as the stored one went.
  const model = decodeModel(JSON.parse(encodeModel(storedModelOf(configuration))))
  const problems = checkNames(model)
  if (problems.length > 0) throw new ModelNamesError(problems)
  return model
}

/** All steps in the order in which they can run. */
export function planEvolution(transition: Transition): readonly Step[] {
  const views = familyViewStatements(transition)
  const indexes = indexStatements(transition)
  return [
    { change: 'drops views', statements: views.drop, quiet: true },
    { change: 'drops indexes', statements: indexes.drop, quiet: true },
    ...leavingScopeSteps(transition),
    ...leavingSourceSteps(transition),
    ...associationSteps(transition),
    ...entityTypeSteps(transition),
    ...arrivingSourceSteps(transition),
    { change: 'adds indexes', statements: indexes.create, quiet: true },
    { change: 'adds views', statements: views.create, quiet: true },
  ]
}

/** Gives every source that has none its number; the numbers of all there ever were, by name. */
async function knowSources(session: Session, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const read = async () => {
    const { rows } = await run(session, knownSources)
    return new Map(rows.map(({ name, source_id: id }) => [name, id]))
  }
  const known = await read()
  if (names.every((name) => known.has(name))) return known
  await run(session, addSources(names))
  return await read()
}

const knownSources: Statement<{ name: string; source_id: number }> = statement(
  'evolve/know-sources',
  sql`select name, source_id from sluice_source`,
)

function addSources(names: readonly string[]): Statement {
  return statement(
    'evolve/add-sources',
    sql`insert into sluice_source (name) select x.name from unnest(${sql.value(names)}::text[]) with ordinality x(name, place)
    where not exists (select from sluice_source source where source.name = x.name) order by x.place on conflict (name) do nothing`,
  )
}

function rememberModel(model: StoredModel): Statement {
  return statement(
    'evolve/remember-model',
    // The time now, and not of the transaction's begin: a run may have been held since, while this waited for it.
    sql`insert into sluice_model (model, changed_at) values (${sql.value(encodeModel(model))}, clock_timestamp())
    on conflict (only_row) do update set model = excluded.model, changed_at = excluded.changed_at`,
  )
}

async function lossesOf(session: Session, steps: readonly Step[]): Promise<readonly string[]> {
  const losses: string[] = []
  for (const { loss } of steps) {
    if (!loss) continue
    const { lost } = await one(session, loss.count)
    if (lost !== '0') losses.push(loss.what(lost))
  }
  return losses
}

/** Dependent objects; a view on a column whose type changes; a table or view of the same name. */
const inTheWay: ReadonlySet<string> = new Set(['2BP01', '0A000', '42P07'])

async function runStep(session: Session, step: Step): Promise<void> {
  try {
    for (const each of step.statements) await run(session, each)
  } catch (error) {
    const failure = statementFailureOf(error)
    if (failure !== undefined && inTheWay.has(failure.code ?? '')) {
      const detail = [failure.message, failure.detail].filter((part) => part !== undefined).join(': ')
      throw new ForeignObjectError(step.change, detail.replace(/\s*\n\s*/g, ', ').replace(/\.$/, ''), error)
    }
    throw error
  }
}
