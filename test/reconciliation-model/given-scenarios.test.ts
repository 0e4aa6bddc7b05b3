/**
 * The small model of several sources is right about the scenarios that were given.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { modelDiffers } from '../../tools/conformance/reconciliation/model/compare.ts'
import { begin, play } from '../../tools/conformance/reconciliation/model/play.ts'
import { readScenario, readScenarioModel } from '../../tools/conformance/reconciliation/scenario.ts'

const folder = fileURLToPath(new URL('../cases/reconciliation/', import.meta.url))
const model = readScenarioModel(readFileSync(`${folder}model.yaml`, 'utf8'))
const names = readdirSync(folder).filter((name) => /^R.*\.yaml$/.test(name))

test.each(names)('the model plays %s', (name) => {
  const scenario = readScenario(readFileSync(`${folder}${name}`, 'utf8'))
  const state = begin(model, scenario)
  for (const [index, step] of scenario.steps.entries()) {
    const refusal = play(state, step)
    if ('user' in step) {
      const { expect: wanted = 'ok', code } = step.user
      expect(refusal === undefined ? 'ok' : 'refused', `step ${index + 1}`).toBe(wanted)
      if (code !== undefined) expect(refusal?.code, `step ${index + 1}`).toBe(code)
    }
    if ('expect' in step) expect(modelDiffers(state, step.expect), `step ${index + 1}`).toBeUndefined()
  }
})
