/**
 * Every text of the console. Pages hold none, so that another language is another set of these files.
 *
 * @module
 */
import { commonTexts } from './common.ts'
import { overviewTexts } from './overview.ts'
import { peopleTexts } from './people.ts'
import { resourceTexts } from './resources.ts'

export const texts = {
  common: commonTexts,
  overview: overviewTexts,
  people: peopleTexts,
  resources: resourceTexts,
}
