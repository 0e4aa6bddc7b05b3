/**
 * Replays a scenario step by step, up to the first that does not end as it says.
 *
 * @module
 */
import { type Edit, type EditedValues, type ResourceName, SluiceError } from '@sluice/model'
import { identifier } from '@sluice/repository'
import type { Difference, Outcome, Workplace } from '../suite.ts'
import { associationOf } from './configuration-of.ts'
import { differenceFrom, type Found, idOf, type LastOutcomes } from './expect.ts'
import type {
  DefineStep,
  NewResource,
  RevertStep,
  Scenario,
  ScenarioModel,
  ScenarioValues,
  SourceStep,
  Step,
  UserStep,
} from './scenario.ts'
import { columnName, RefusedDefinition, Workbench } from './workbench.ts'

export async function replayScenario(
  workplace: Workplace,
  model: ScenarioModel,
  scenario: Scenario,
): Promise<Outcome> {
  await using bench = await openScenario(workplace, model, scenario)
  if (!scenario.steps.some((step) => 'expect' in step || 'define' in step || 'user' in step)) {
    return failed('steps', { expected: 'a step that compares', found: 'none' })
  }
  return await replaySteps(bench, scenario.steps)
}

/** What stands there before the first step. */
export async function openScenario(
  workplace: Workplace,
  model: ScenarioModel,
  scenario: Scenario,
): Promise<Workbench> {
  const bench = await Workbench.open(workplace, model, scenario)
  for (const resource of [...model.resources, ...(scenario.given ?? [])]) await place(bench, resource)
  return bench
}

export async function replaySteps(bench: Workbench, steps: readonly Step[]): Promise<Outcome> {
  let last: LastOutcomes = { load: undefined, run: undefined }
  for (const [index, step] of steps.entries()) {
    const [kind] = Object.keys(step)
    const block = `step ${index + 1} (${kind})`
    try {
      const done = await carryOut(bench, step, last)
      if (done.difference !== undefined) return failed(block, done.difference)
      last = done.last
    } catch (error) {
      const found = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return failed(block, { expected: 'no error', found })
    }
  }
  return { outcome: 'ok' }
}

function failed(block: string, found: Found): Outcome {
  const difference: Difference = { block, ...found }
  return { outcome: 'failed', difference }
}

interface Done {
  readonly last: LastOutcomes
  readonly difference?: Found | undefined
}

async function carryOut(bench: Workbench, step: Step, last: LastOutcomes): Promise<Done> {
  if ('expect' in step) return { last, difference: await differenceFrom(bench, step.expect, last) }
  if ('user' in step) return { last, difference: await actAs(bench, step.user) }
  if ('define' in step) return { last, difference: await define(bench, step.define) }
  if ('revert' in step) return { last, difference: await takeBack(bench, step.revert) }
  if ('load' in step) return { last: { ...last, load: await bench.load(step.load) } }
  if ('run' in step) {
    const run = await bench.run(step.run)
    bench.made.push(run.report?.run ?? undefined)
    return { last: { ...last, run } }
  }
  if ('sync' in step) {
    const done = await bench.synchronize(step.sync)
    bench.made.push(done.run.report?.run ?? undefined)
    return { last: done }
  }
  if ('clock' in step) await bench.pass(step.clock)
  else if ('staging' in step) await bench.stage(step.staging.source, step.staging)
  else if ('concurrent' in step) {
    await Promise.all(step.concurrent.runs.map((source) => bench.run({ source })))
  } else if ('behind' in step) await vanish(bench, step.behind.delete)
  else await changeSource(bench, step.source)
  return { last }
}

async function changeSource(bench: Workbench, step: SourceStep): Promise<void> {
  if ('delete' in step) await bench.define(step.delete, undefined)
  else {
    const before = bench.definitionOf(step.name)
    const { entityType = before.entityType, attributes = before.attributes, ...set } = step.set
    await bench.define(step.name, { ...before, ...set, entityType, attributes })
  }
}

async function define(bench: Workbench, step: DefineStep): Promise<Found | undefined> {
  const found = await outcomeOf(() => bench.define(step.source, step.definition))
  const expected = step.expect ?? 'ok'
  return found === expected ? undefined : { expected, found }
}

async function outcomeOf(work: () => Promise<void>): Promise<'ok' | 'refused'> {
  try {
    await work()
    return 'ok'
  } catch (error) {
    if (error instanceof RefusedDefinition) return 'refused'
    throw error
  }
}

async function actAs(bench: Workbench, step: UserStep): Promise<Found | undefined> {
  const role = step.role === 'user' ? 'user' : 'administrator'
  const edit = await editOf(bench, step)
  const outcome = await bench.edit(edit, role)
  bench.made.push(runOf(outcome))
  const wanted = [step.expect ?? 'ok', step.code].filter((part) => part !== undefined).join(' ')
  if (!(outcome instanceof SluiceError)) {
    if (step.create?.as !== undefined && outcome.id !== undefined)
      bench.aliases.set(step.create.as, outcome.id)
    return wanted === 'ok' ? undefined : { expected: wanted, found: 'ok' }
  }
  const code = refusals[outcome.code] ?? outcome.code
  const found = [wanted.startsWith('ok') || step.code === undefined ? 'refused' : `refused ${code}`].join('')
  if (wanted !== found) return { expected: wanted, found: `refused ${code}: ${outcome.message}` }
  const missing = [step.message ?? []].flat().find((text) => !outcome.message.includes(text))
  return missing === undefined ? undefined : { expected: missing, found: outcome.message }
}

function runOf(outcome: { readonly run: number | null } | SluiceError): number | undefined {
  return outcome instanceof SluiceError ? undefined : (outcome.run ?? undefined)
}

async function takeBack(bench: Workbench, step: RevertStep): Promise<Found | undefined> {
  const run = bench.made[step.step - 1]
  if (run === undefined) return { expected: `a run of step ${step.step}`, found: 'none' }
  const outcome = await bench.revert(run, step.skipConflicts === true)
  bench.made.push(runOf(outcome))
  const expected = [step.expect ?? 'ok', step.code].filter((part) => part !== undefined).join(' ')
  const found = outcome instanceof SluiceError ? `refused ${refusals[outcome.code] ?? outcome.message}` : 'ok'
  if (expected === found || (expected === 'refused' && outcome instanceof SluiceError)) return undefined
  return { expected, found: outcome instanceof SluiceError ? `${found}: ${outcome.message}` : found }
}

const refusals: Readonly<Record<string, string>> = {
  'SLUICE-EDIT-01': 'locked',
  'SLUICE-EDIT-02': 'delete_not_allowed',
  'SLUICE-EDIT-03': 'delete_refused',
  'SLUICE-EDIT-06': 'required_missing',
  'SLUICE-REVERT-02': 'conflicts',
}

async function editOf(bench: Workbench, { create, update, delete: deleted }: UserStep): Promise<Edit> {
  if (create !== undefined) {
    return {
      action: 'create',
      type: create.type,
      values: await editedValues(bench, create.type, create.values),
    }
  }
  if (update !== undefined) {
    const named = await namedResource(bench, update.resource)
    return { action: 'update', ...named, values: await editedValues(bench, named.type, update.values) }
  }
  return { action: 'delete', ...(await namedResource(bench, deleted ?? '')) }
}

async function namedResource(
  bench: Workbench,
  name: string,
): Promise<{ readonly type: string; readonly resource: ResourceName }> {
  const id = await idOf(bench, name)
  return { type: await typeOf(bench, name, id), resource: { id: String(id) } }
}

/** An alias tells no type. */
async function typeOf(bench: Workbench, name: string, id: number): Promise<string> {
  if (!bench.aliases.has(name)) return name.split('/')[0] ?? ''
  for (const type of Object.keys(bench.types)) {
    const found = await bench.rows(`select from ${identifier(columnName(type))} where resource_id = $1`, [id])
    if (found.length > 0) return type
  }
  throw new Error(`${name} is not there any more.`)
}

async function editedValues(bench: Workbench, type: string, values: ScenarioValues): Promise<EditedValues> {
  const properties = bench.types[type]?.properties ?? {}
  const edited: Record<string, EditedValues[string]> = {}
  for (const [name, value] of Object.entries(values)) {
    const property = properties[name]
    if (property?.type === 'reference' && value !== null) {
      edited[name] = { id: String(await namedId(bench, property.to ?? '', String(value))) }
    } else edited[name] = plainValue(value)
  }
  return edited
}

function plainValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}

/** What stood there before anything happened, and belongs to nobody. */
async function place(bench: Workbench, { type, as, values }: NewResource): Promise<void> {
  const columns = await placedColumns(bench, type, values)
  const names = columns.map(([name]) => identifier(name)).join(', ')
  const marks = columns.map((_, index) => `$${index + 1}`).join(', ')
  const [row] = await bench.rows<{ resource_id: string }>(
    `insert into ${identifier(columnName(type))} (${names}) values (${marks}) returning resource_id`,
    columns.map(([, value]) => value),
  )
  if (as !== undefined) bench.aliases.set(as, Number(row?.resource_id))
  for (const [name, property] of Object.entries(bench.types[type]?.properties ?? {})) {
    const links = values[name]
    if (property.type !== 'links' || !Array.isArray(links)) continue
    for (const link of links) {
      await placeLink(bench, { type, name, to: property.to ?? '' }, row?.resource_id, link)
    }
  }
}

async function placedColumns(
  bench: Workbench,
  type: string,
  values: ScenarioValues,
): Promise<readonly (readonly [string, unknown])[]> {
  const columns: (readonly [string, unknown])[] = []
  for (const [name, value] of Object.entries(values)) {
    const property = bench.types[type]?.properties[name]
    if (property?.type === 'links') continue
    columns.push(
      property?.type === 'reference'
        ? [
            `${columnName(name)}_id`,
            value === null ? null : await namedId(bench, property.to ?? '', String(value)),
          ]
        : [columnName(name), value],
    )
  }
  return columns
}

/** By alias, or by what it is called. */
async function namedId(bench: Workbench, type: string, name: string): Promise<number> {
  return await idOf(bench, bench.aliases.has(name) ? name : `${type}/${name}`)
}

async function placeLink(
  bench: Workbench,
  { type, name, to }: { readonly type: string; readonly name: string; readonly to: string },
  from: string | undefined,
  link: unknown,
): Promise<void> {
  const { to: target, ...values } =
    typeof link === 'object' && link !== null ? { to: '', ...link } : { to: String(link) }
  const id = await namedId(bench, to, target)
  const entries = Object.entries(values)
  const names = ['source_id', 'from_id', 'to_id', ...entries.map(([each]) => columnName(each))]
  await bench.rows(
    `insert into ${identifier(columnName(associationOf(type, name)))} (${names.map(identifier).join(', ')})
     values (0, ${['$1', '$2', ...entries.map((_, index) => `$${index + 3}`)].join(', ')})`,
    [from, id, ...entries.map(([, value]) => value)],
  )
}

async function vanish(bench: Workbench, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const id = await idOf(bench, name)
    const [type = ''] = name.split('/')
    await bench.rows(`delete from ${identifier(columnName(type))} where resource_id = $1`, [id])
  }
}
