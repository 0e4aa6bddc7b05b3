/**
 * Writes the project of `sluice server --demo` and plays its week: what is looked at then has come about as it does anywhere.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Environment, openProject, openSources, type Project } from '@sluice/project'
import { demoConfiguration, demoMark } from './demo-configuration.ts'
import { demoData, type Files } from './demo-data.ts'
import { demoMappings } from './demo-mappings.ts'
import { agentFiles, storedDiscovery } from './demo-source.ts'
import { NoDemoFolderError } from './no-demo-folder-error.ts'

interface DemoOptions {
  readonly environment: Environment
  /** As the configuration names it; a folder beside it when absent. */
  readonly repository?: string
  /** Gives up; the next one begins again. */
  readonly signal?: AbortSignal
  /** Called with what is done next. */
  readonly onStep: (text: string) => Promise<unknown>
}

/**
 * `false`: the folder holds a demo that was played, which goes on as it was left. One that was broken off begins again.
 *
 * Throws `NoDemoFolderError` where the folder holds something else: a repository of somebody must get neither data nor accounts of a demo.
 */
export async function playDemo(folder: string, options: DemoOptions): Promise<boolean> {
  if (existsSync(join(folder, playedFile))) return false
  await makeEmpty(folder)
  const data = demoData()
  await write(folder, new Map([['sluice.yaml', demoConfiguration(options.repository ?? './repository')]]))
  await write(join(folder, 'ad'), data.directory)
  await write(join(folder, 'cmdb'), data.servers)
  await write(join(folder, 'hr'), data.days[0] ?? new Map())
  await write(join(folder, 'discovery'), data.discovered[0]?.files ?? new Map())
  const mappings = await demoMappings()
  await write(folder, agentFiles(options.repository ?? './repository', mappings))
  {
    await using sources = await openSources(folder, { environment: options.environment })
    await sources.apply({ path: 'discovery.yaml', text: storedDiscovery(mappings) })
  }
  {
    await using project = await openProject(folder, { environment: options.environment })
    await play(folder, project, options)
  }
  await write(folder, new Map([[playedFile, 'The demo was played to its end.\n']]))
  return true
}

const playedFile = 'played'

/** There is nothing in it, or a demo of which nothing is lost. */
async function makeEmpty(folder: string): Promise<void> {
  const found = existsSync(folder) ? await readdir(folder) : []
  if (found.length === 0) return
  const configuration = await readFile(join(folder, 'sluice.yaml'), 'utf8').catch(() => '')
  if (!configuration.startsWith(demoMark)) throw new NoDemoFolderError(folder)
  for (const name of found) await rm(join(folder, name), { recursive: true, force: true })
}

async function play(folder: string, project: Project, { onStep, signal }: DemoOptions): Promise<void> {
  const { days, directory, discovered, doors } = demoData()
  const exported = async (title: string, files: Files) => {
    await onStep(title)
    await write(join(folder, 'hr'), files)
    await project.sync('hr', { signal })
  }
  for (const [day, files] of days.slice(0, -1).entries()) {
    await exported(`hr: day ${day + 1}`, files)
    if (day === 0) await others(project, doors, onStep)
    if (day === 3) await people(project, mailOf(directory, '1021'))
  }
  for (const { title, files } of discovered) {
    await onStep(title)
    await write(join(folder, 'discovery'), files)
    // The first one changes every server that the CMDB knows.
    const force = title === discovered[0]?.title
    await project.sync('discovery', { folder: join(folder, 'discovery'), signal, force })
  }
  // The last one of all: what is held is computed again where something else has changed the repository since.
  await exported('hr: half of its people are missing', days.at(-1) ?? new Map())
}

async function others(project: Project, doors: string, onStep: DemoOptions['onStep']): Promise<void> {
  await onStep('ad, cmdb, doors')
  await project.sync('ad', { force: true })
  await project.sync('cmdb')
  await project.load('doors', { csv: doors, separator: ',' }, { force: true })
}

/** What people do to a repository: they correct it, and they order what systems should say. */
async function people(project: Project, account: string): Promise<void> {
  const comment = 'She was promoted today.'
  await project.edit(
    [{ action: 'update', type: 'Person', resource: '1005', values: { title: 'Director' } }],
    {
      comment,
    },
  )
  await project.stateOrders([
    { source: 'hr', entityType: 'Person', resource: '1020', values: { phone: '+49 30 4711' } },
    { source: 'ad', entityType: 'Person', resource: account, values: { title: 'Architect' } },
  ])
}

async function write(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of files) await writeFile(join(folder, name), text)
}

/** The key of somebody's account. */
function mailOf(directory: Files, number: string): string {
  const line = directory
    .get('accounts.csv')
    ?.split('\n')
    .find((one) => one.split(',')[2] === number)
  return line?.split(',')[0] ?? ''
}
