/**
 * Replays a scenario step by step, up to the first that does not end as it says.
 *
 * @module
 */
import { identifier } from '@sluice/repository'
import type { Difference, Outcome, Workplace } from '../suite.ts'
import { associationOf } from './configuration-of.ts'
import { differenceFrom, type Found, idOf, type LastOutcomes } from './expect.ts'
import type {
  DefineStep,
  NewResource,
  Scenario,
  ScenarioModel,
  SourceStep,
  Step,
  SyncStep,
  UserStep,
} from './scenario.ts'
import { columnName, RefusedDefinition, Workbench } from './workbench.ts'

export async function replayScenario(
  workplace: Workplace,
  model: ScenarioModel,
  scenario: Scenario,
): Promise<Outcome> {
  await using bench = await Workbench.open(workplace, model, scenario)
  for (const resource of [...model.resources, ...(scenario.given ?? [])]) await place(bench, resource)
  if (!scenario.steps.some((step) => 'expect' in step || 'define' in step || 'user' in step)) {
    return failed('steps', { expected: 'a step that compares', found: 'none' })
  }
  let last: LastOutcomes = { load: undefined, run: undefined }
  for (const [index, step] of scenario.steps.entries()) {
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
  if ('load' in step) return { last: { ...last, load: await bench.load(step.load) } }
  if ('run' in step) return { last: { ...last, run: await bench.run(step.run, false) } }
  if ('sync' in step) return { last: await synchronize(bench, step.sync) }
  if ('clock' in step) await bench.pass(step.clock)
  else if ('staging' in step) await bench.stage(step.staging.source, step.staging)
  else if ('concurrent' in step) {
    await Promise.all(step.concurrent.runs.map((source) => bench.run({ source }, false)))
  } else if ('behind' in step) await vanish(bench, step.behind.delete)
  else await changeSource(bench, step.source)
  return { last }
}

async function synchronize(bench: Workbench, step: SyncStep): Promise<LastOutcomes> {
  const { by, simulate, force, ...load } = step
  const loaded = await bench.load(load)
  if (loaded.refused) {
    return { load: loaded, run: { status: 'not_started', code: null, report: undefined } }
  }
  return { load: loaded, run: await bench.run({ source: step.source, by, simulate, force }, true) }
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

async function actAs(_bench: Workbench, _step: UserStep): Promise<Found | undefined> {
  return { expected: 'edits', found: 'not built' }
}

/** What stood there before anything happened, and belongs to nobody. */
async function place(bench: Workbench, { type, as, values }: NewResource): Promise<void> {
  const properties = bench.types[type]?.properties ?? {}
  const columns: [string, unknown][] = []
  for (const [name, value] of Object.entries(values)) {
    const property = properties[name]
    if (property?.type === 'links') continue
    if (property?.type === 'reference') {
      const id =
        value === null
          ? null
          : await idOf(
              bench,
              bench.aliases.has(String(value)) ? String(value) : `${property.to}/${String(value)}`,
            )
      columns.push([`${columnName(name)}_id`, id])
    } else columns.push([columnName(name), value])
  }
  const names = columns.map(([name]) => identifier(name)).join(', ')
  const marks = columns.map((_, index) => `$${index + 1}`).join(', ')
  const [row] = await bench.rows<{ resource_id: string }>(
    `insert into ${identifier(columnName(type))} (${names}) values (${marks}) returning resource_id`,
    columns.map(([, value]) => value),
  )
  if (as !== undefined) bench.aliases.set(as, Number(row?.resource_id))
  for (const [name, value] of Object.entries(values)) {
    const property = properties[name]
    if (property?.type !== 'links' || !Array.isArray(value)) continue
    for (const link of value)
      await placeLink(bench, { type, name, to: property.to ?? '' }, row?.resource_id, link)
  }
}

async function placeLink(
  bench: Workbench,
  { type, name, to }: { readonly type: string; readonly name: string; readonly to: string },
  from: string | undefined,
  link: unknown,
): Promise<void> {
  const { to: target, ...values } =
    typeof link === 'object' && link !== null ? { to: '', ...link } : { to: String(link) }
  const id = await idOf(bench, bench.aliases.has(target) ? target : `${to}/${target}`)
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
