/**
 * Whatever happens to two sources, their agent, the network, the server and the repository: what is stored is what the
 * sources said.
 *
 * Each scenario is played at a real agent and a real server with a proxy between them. `SLUICE_RUNS=…` tries so many,
 * `SLUICE_SEED=…` others, and `SLUICE_SHRINK=1` looks for the shortest that fails.
 */
import process from 'node:process'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { createTemplate, InstallationHarness, type Template } from './scenario/installation-harness.ts'
import { ScenarioPlayer } from './scenario/scenario-player.ts'
import { firstFiles } from './scenario/sources.ts'
import { type Scenario, scenarios } from './scenario/steps.ts'
import { runsOf } from './thoroughness.ts'

const runs = runsOf(6, 12)
const { seed = 1 } = fc.readConfigureGlobal()
const shrinks = process.env['SLUICE_SHRINK'] !== undefined
/** Side by side, because a step waits more than it works. */
const lanes = shrinks ? 1 : 3

let template: Template
beforeAll(async () => {
  template = await createTemplate(firstFiles)
})
afterAll(() => template[Symbol.asyncDispose]())

describe.concurrent('whatever happens between two sources and their repository', () => {
  test.each(Array.from({ length: lanes }, (_, lane) => seed + lane))(
    'what is stored is what the sources said, and each complete sets everything right (seed %i)',
    async (laneSeed) => {
      await fc.assert(fc.asyncProperty(scenarios, play), {
        numRuns: Math.ceil(runs / lanes),
        seed: laneSeed,
        endOnFailure: !shrinks,
      })
    },
    Math.max(180_000, runs * 20_000),
  )
})

async function play({ thresholds, steps, forgets }: Scenario): Promise<void> {
  await using harness = await InstallationHarness.open(template, thresholds)
  const player = new ScenarioPlayer(harness, thresholds)
  await player.begin()
  for (const step of steps) await player.play(step)
  await player.end(forgets)
}
