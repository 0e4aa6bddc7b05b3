/**
 * Whatever several sources and people do, a repository is as the small model says after each step.
 *
 * `SLUICE_RUNS=…` tries so many scenarios, `SLUICE_SEED=…` others. A failure tells the shortest scenario that it found, as the suite writes it.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Edit } from '@sluice/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { differenceFrom, idOf } from '../../tools/conformance/reconciliation/expect.ts'
import {
  openScenario,
  replayScenario,
  replaySteps,
} from '../../tools/conformance/reconciliation/replay-scenario.ts'
import { readScenarioModel, type Scenario } from '../../tools/conformance/reconciliation/scenario.ts'
import { testLocation } from '../databases.ts'
import { runsOf } from '../thoroughness.ts'
import { atOnce, mergingOf, scenarioOf } from './scenario-of.ts'
import { type SmallCase, smallCases, takenBack } from './small-cases.ts'

const modelFile = fileURLToPath(new URL('../cases/reconciliation/model.yaml', import.meta.url))
const model = readScenarioModel(readFileSync(modelFile, 'utf8'))
const runs = runsOf(5, 100)
/** A machine with much else to do takes seconds for one. */
const longest = 60_000 + runs * 10_000

test(
  'a repository is as the model says, whatever several sources and people do',
  async () => {
    await fc.assert(fc.asyncProperty(smallCases, isAsTheModelSays), { numRuns: runs })
  },
  longest,
)

test(
  'a repository is as the model says, whatever runs are taken back, and whatever came since',
  async () => {
    // Each is long; `SLUICE_RUNS` tries more of them.
    await fc.assert(fc.asyncProperty(takenBack, isAsTheModelSays), {
      numRuns: Math.min(runs, runsOf(5, 40)),
    })
  },
  longest,
)

test(
  'sources that run at the same time end as if one had run after the other',
  async () => {
    const numRuns = Math.ceil(runs / 3)
    await fc.assert(fc.asyncProperty(smallCases, endsInSomeOrder), { numRuns })
  },
  longest,
)

test(
  'resources that are merged are as if all rows had always been of one, and next runs go on from there',
  async () => {
    const numRuns = Math.ceil(runs / 3)
    await fc.assert(fc.asyncProperty(smallCases, isMerged), { numRuns })
  },
  longest,
)

async function isAsTheModelSays(of: SmallCase): Promise<void> {
  const scenario = scenarioOf(model, of)
  fc.pre(scenario.steps.length > 0)
  await using place = await testLocation('postgres-18')
  const outcome = await replayScenario({ folder: '', repository: place.location }, model, scenario)
  if (outcome.outcome === 'ok') return
  const { block, expected, found } = outcome.difference
  expect.fail(`${block}\nexpected ${expected}\nfound ${found}\n\n${shown(scenario, block)}`)
}

/** Up to the step that failed, with that comparison alone. */
function shown(scenario: Scenario, block: string): string {
  const last = Number(/step (\d+)/.exec(block)?.[1] ?? scenario.steps.length)
  const steps = scenario.steps.filter((step, n) => n < last && (n === last - 1 || !('expect' in step)))
  return stringify({ ...scenario, steps })
}

async function isMerged(of: SmallCase): Promise<void> {
  const merging = mergingOf(model, of)
  fc.pre(merging !== undefined)
  if (merging === undefined) return
  const { scenario, pair, after } = merging
  await using place = await testLocation('postgres-18')
  await using bench = await openScenario({ folder: '', repository: place.location }, model, scenario)
  expect(await replaySteps(bench, scenario.steps)).toEqual({ outcome: 'ok' })
  const [kept, merged] = [await idOf(bench, pair[0]), await idOf(bench, pair[1])]
  const resource = { id: String(kept) }
  const edit: Edit = { action: 'merge', type: 'Server', resource, merged: [{ id: String(merged) }] }
  expect(await bench.edit(edit, 'administrator')).not.toBeInstanceOf(Error)
  const outcome = await replaySteps(bench, after)
  if (outcome.outcome === 'ok') return
  const { block, expected, found } = outcome.difference
  expect.fail(
    `${block} after ${pair.join(' and ')} were merged\nexpected ${expected}\nfound ${found}\n\n${stringify(scenario)}`,
  )
}

async function endsInSomeOrder(of: SmallCase): Promise<void> {
  const { scenario, ends } = atOnce(model, of)
  fc.pre(ends.length > 1)
  await using place = await testLocation('postgres-18')
  await using bench = await openScenario({ folder: '', repository: place.location }, model, scenario)
  expect(await replaySteps(bench, scenario.steps)).toEqual({ outcome: 'ok' })
  const differences: string[] = []
  for (const end of ends) {
    const difference = await differenceFrom(bench, end, { load: undefined, run: undefined })
    if (difference === undefined) return
    differences.push(`expected ${difference.expected}\nfound ${difference.found}`)
  }
  expect.fail(`${differences.join('\nor\n')}\n\n${stringify(scenario)}`)
}
