/**
 * Imported before everything else by the processes and threads of a mutation run (`NODE_OPTIONS`): where they read the source
 * that `SLUICE_CHANGED_FILE` names, they get the text that stands there.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import process from 'node:process'
import { z } from 'zod'

const servedSchema = z.object({ url: z.string().optional(), text: z.string().optional() })

const path = process.env['SLUICE_CHANGED_FILE']
const { url: changed, text } =
  path === undefined ? {} : servedSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
if (text !== undefined)
  registerHooks({
    load: (url, context, nextLoad) =>
      url === changed
        ? { format: 'module-typescript', source: text, shortCircuit: true }
        : nextLoad(url, context),
  })
