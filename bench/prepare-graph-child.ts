/**
 * Prepares the graph of a bench in a process of its own, as an agent does: `prepare-graph-child.ts FOLDER HOSTS` prints what was prepared, as JSON. What sorting takes
 * there is no memory of the server's.
 *
 * @module
 */
import { join } from 'node:path'
import process from 'node:process'
import { prepareSource } from '@sluice/agent'
import { requireConfiguration } from '@sluice/project'
import { generateGraph } from './discovery-graph.ts'

const [, , folder = '', hosts = ''] = process.argv
const { sources, model, prepare } = await requireConfiguration(join(folder, 'sluice.yaml'))
const source = sources.get('discovery')
if (source === undefined) throw new Error('The example has lost its source.')
await generateGraph(source.folder, Number(hosts))
const prepared = await prepareSource({
  source,
  model,
  mode: 'complete',
  folder: join(folder, 'prepared'),
  settings: prepare,
})
process.stdout.write(JSON.stringify(prepared))
