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
import { type Configuration, decodeModel, encodeModel, type StoredModel, storedModelOf } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { lockRuns, lockTables } from '../database/lock-tables.ts'
import { one, run } from '../database/run-statement.ts'
import { StatementError } from '../database/statement-errors.ts'
import { readModel } from '../read/read-model.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { checkNames } from './check-names.ts'
import { associationSteps } from './evolve-associations.ts'
import { entityTypeSteps } from './evolve-entity-types.ts'
import { ForeignObjectError, ModelInUseError, ModelLossError, ModelNamesError } from './evolve-errors.ts'
import { arrivingSourceSteps, leavingSourceSteps } from './evolve-sources.ts'
import { familyViewStatements } from './family-views.ts'
import { indexStatements } from './indexes.ts'
import type { Step, Transition } from './step.ts'

export interface EvolveOptions {
  /** Also do what loses stored data. */
  readonly allowLoss?: boolean | undefined
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
  return await database.transaction((session) => evolveWithin(database, session, after, options))
}

/** As `evolve`, in a transaction that somebody else ends. */
export async function evolveWithin(
  database: Pick<Database, 'schema' | 'tryExclusive'>,
  session: Session,
  after: StoredModel,
  { allowLoss = false }: EvolveOptions = {},
): Promise<Evolution> {
  await run(session, lockTables(database.schema))
  // Read now: another process may have been faster.
  const before = await readModel(session)
  if (isDeepStrictEqual(before, after)) return nothingChanged
  await run(session, lockRuns)
  const steps = planEvolution({
    before,
    after,
    sourceIds: await knowSources(session, [...after.sources.keys()]),
  })
  const losses = await lossesOf(session, steps)
  if (losses.length > 0 && !allowLoss) throw new ModelLossError(losses)
  const taken = steps.filter(({ loss }) => loss !== undefined).map(({ change }) => change)
  if (taken.length > 0 && !(await database.tryExclusive(session, modelLock))) throw new ModelInUseError(taken)
  for (const step of steps) await runStep(session, step)
  await run(session, rememberModel(after))
  return { changes: steps.filter(({ quiet }) => !quiet).map(({ change }) => change), losses }
}

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
    if (error instanceof StatementError && inTheWay.has(error.code ?? '')) {
      const detail = [error.message, error.detail].filter((part) => part !== undefined).join(': ')
      throw new ForeignObjectError(step.change, detail.replace(/\s*\n\s*/g, ', ').replace(/\.$/, ''), error)
    }
    throw error
  }
}
