/**
 * Every text of the console. Pages hold none, so that another language is another set of these files.
 *
 * @module
 */

import { agentTexts } from './agents.ts'
import { connectionTexts } from './connection.ts'
import { healthTexts } from './health.ts'
import { mappingTexts } from './mappings.ts'
import { matchTexts } from './matches.ts'
import { modelTexts } from './model.ts'
import { orderTexts } from './orders.ts'
import { overviewTexts } from './overview.ts'
import { peopleTexts } from './people.ts'
import { previewTexts } from './preview.ts'
import { resourceTexts } from './resources.ts'
import { runTexts } from './runs.ts'
import { shellTexts } from './shell.ts'
import { sourceTexts } from './sources.ts'

export const texts = {
  agents: agentTexts,
  common: shellTexts,
  connection: connectionTexts,
  health: healthTexts,
  mappings: mappingTexts,
  matches: matchTexts,
  model: modelTexts,
  orders: orderTexts,
  overview: overviewTexts,
  people: peopleTexts,
  preview: previewTexts,
  resources: resourceTexts,
  runs: runTexts,
  sources: sourceTexts,
}
