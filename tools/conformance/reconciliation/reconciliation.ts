/**
 * The suite `reconciliation`: several sources, one resource. One YAML file per scenario, beside the model that all of them start from.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConformanceCase, Suite } from '../suite.ts'
import { replayScenario } from './replay-scenario.ts'
import { readScenario, readScenarioModel, type Scenario, type ScenarioModel } from './scenario.ts'

const modelFile = 'model.yaml'

export const reconciliation: Suite = {
  name: 'reconciliation',
  async readCases(folder) {
    const names = await readdir(folder)
    if (!names.includes(modelFile)) return []
    const model = readScenarioModel(await readFile(join(folder, modelFile), 'utf8'))
    const scenarios = names.filter((name) => /^[A-Z].*\.yaml$/.test(name)).sort()
    return await Promise.all(
      scenarios.map(async (name) => conformanceCase(name, await readFile(join(folder, name), 'utf8'), model)),
    )
  },
}

function conformanceCase(fileName: string, text: string, model: ScenarioModel): ConformanceCase {
  const id = fileName.replace(/-.*$|\.yaml$/, '')
  const scenario = attempt(text)
  return {
    id,
    title: scenario instanceof Error ? fileName : scenario.title,
    async replay(workplace) {
      if (scenario instanceof Error) {
        const expected = 'a scenario in the format of the suite'
        return { outcome: 'failed', difference: { block: fileName, expected, found: scenario.message } }
      }
      return await replayScenario(workplace, model, scenario)
    },
  }
}

/** A file that is no scenario fails when its turn comes, and the others are replayed. */
function attempt(text: string): Scenario | Error {
  try {
    return readScenario(text)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
