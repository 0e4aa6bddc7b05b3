/**
 * Checks a project down to the first rows of its files, and whether what it works with can be reached.
 *
 * @module
 */

import {
  type Configuration,
  type Environment,
  type Finding,
  findingCodes,
  isClean,
  type OnProgress,
  SluiceError,
} from '@sluice/model'
import { routes } from '@sluice/protocol'
import { lookUpDefinitions } from '@sluice/repository'
import { type CheckedProject, checkProject } from '../folder/check-project.ts'
import { checkRows } from '../folder/check-rows.ts'
import { finding } from '../folder/file-findings.ts'
import type { ProjectPlace } from '../folder/load-configuration.ts'
import { linkOf } from './link-of.ts'

export interface CheckDeepOptions {
  readonly environment: Environment
  /** Address of a server to reach in place of `agent.server`. */
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * As `checkProject`; where that finds no errors, connects to the repository or the server, and says which of the first rows of each file
 * would be rejected. Nothing is written, and no export program is run.
 */
export async function checkProjectDeep(of: ProjectPlace, options: CheckDeepOptions): Promise<CheckedProject> {
  const checked = await checkProject(of, options)
  const { configuration, findings, placeOf } = checked
  if (configuration === undefined || !isClean(findings)) return checked
  const { onProgress, signal } = options
  const unreachable = await checkConnection(configuration, placeOf, options)
  // What stands in open tables is typed by whoever fills them.
  const sources = [...configuration.sources.values()].filter(({ table }) => table !== true)
  const ofRows = await checkRows(configuration, sources, { placeOf, onProgress, signal })
  const known = new Set(findings.map(({ message }) => message))
  const others = ofRows.filter(({ message }) => !known.has(message))
  return { ...checked, findings: [...findings, ...unreachable, ...others] }
}

async function checkConnection(
  configuration: Configuration,
  placeOf: CheckedProject['placeOf'],
  { signal, ...options }: CheckDeepOptions,
): Promise<readonly Finding[]> {
  try {
    await using link = await linkOf(configuration, options)
    if (link === undefined) await lookUpDefinitions(configuration.repository)
    else await link.client.call(routes.self, { params: {}, signal })
    return []
  } catch (error) {
    if (!(error instanceof SluiceError) || signal?.aborted === true) throw error
    const there = configuration.agent.server === undefined ? ['repository'] : ['agent', 'server']
    const { message, remedy } = error
    return [finding(findingCodes.unreachable, placeOf(there), message, { remedy })]
  }
}
