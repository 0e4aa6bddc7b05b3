/**
 * Whatever several sources and people do, a repository is as the small model says after each step.
 *
 * `SLUICE_RUNS=…` tries so many scenarios, `SLUICE_SEED=…` others.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { test } from 'vitest'
import { stringify } from 'yaml'
import { replayScenario } from '../../tools/conformance/reconciliation/replay-scenario.ts'
import { readScenarioModel, type Scenario } from '../../tools/conformance/reconciliation/scenario.ts'
import { testLocation } from '../databases.ts'
import { runsOf } from '../thoroughness.ts'
import { scenarioOf } from './scenario-of.ts'
import { type World, worlds } from './small-world.ts'

const modelFile = fileURLToPath(new URL('../cases/reconciliation/model.yaml', import.meta.url))
const model = readScenarioModel(readFileSync(modelFile, 'utf8'))

test('a repository is as the model says, whatever several sources and people do', async () => {
  await fc.assert(fc.asyncProperty(worlds, plays), { numRuns: runsOf(30, 300) })
}, 600_000)

async function plays(world: World): Promise<void> {
  const scenario = scenarioOf(model, world)
  if (!scenario.steps.some((step) => 'expect' in step)) return
  const failure = await failureOf(scenario)
  if (failure !== undefined) throw new Error(failure)
}

async function failureOf(scenario: Scenario): Promise<string | undefined> {
  await using place = await testLocation('postgres-18')
  const outcome = await replayScenario({ folder: '', repository: place.location }, model, scenario)
  if (outcome.outcome === 'ok') return undefined
  const { block, expected, found } = outcome.difference
  const last = Number(/step (\d+)/.exec(block)?.[1] ?? scenario.steps.length)
  const steps = scenario.steps.filter((step, n) => n < last && (n === last - 1 || !('expect' in step)))
  return `${block}\nexpected ${expected}\nfound ${found}\n\n${stringify({ ...scenario, steps }, { flowCollectionPadding: false })}`
}
