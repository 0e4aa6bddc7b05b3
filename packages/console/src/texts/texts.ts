/**
 * Every text of the console. Pages hold none, so that another language is another set of these files.
 *
 * @module
 */
import { commonTexts } from './common.ts'
import { healthTexts } from './health.ts'
import { overviewTexts } from './overview.ts'
import { peopleTexts } from './people.ts'
import { runTexts } from './runs.ts'
import { sourceTexts } from './sources.ts'

export const texts = {
  common: commonTexts,
  health: healthTexts,
  overview: overviewTexts,
  people: peopleTexts,
  runs: runTexts,
  sources: sourceTexts,
}
