/**
 * `sluice server --demo`: a project with made-up data, and what happens in it while it is served.
 *
 * @module
 */
import { resolve } from 'node:path'
import type { Repository } from '@sluice/project'
import type { RunningServer } from '@sluice/server'
import type { Logger } from 'pino'
import type { Context } from '../context.ts'

/** Writes and plays the demo where there is none yet; its folder. */
export async function openDemo(
  { environment, err, signal, workingFolder }: Context,
  name: string,
): Promise<string> {
  const folder = resolve(workingFolder, name)
  const { playDemo } = await import('../demo/play-demo.ts')
  const onStep = (text: string) => err.line(text)
  if (!(await playDemo(folder, { environment, onStep, signal })))
    await err.line(`The demo in ${folder} goes on.`)
  return folder
}

interface Served {
  readonly name: string
  readonly server: Pick<RunningServer, 'url'>
  readonly repository: Repository
  readonly log: Logger
}

/** Until the command is to end. */
export async function liveDemo(
  { environment, signal, workingFolder }: Context,
  { name, server, repository, log }: Served,
): Promise<void> {
  const { liveOn } = await import('../demo/live-on.ts')
  await liveOn({
    folder: resolve(workingFolder, name),
    repository,
    server: server.url,
    environment,
    signal,
    onError: (error) => log.warn({ err: error }, 'something of the demo did not happen'),
  })
}
