/**
 * Shows what is longer than the window with the pager of the person who looks.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** `false`: it fits, or the pager could not be started, and nothing of it was shown. */
export type ShowPages = (text: string) => Promise<boolean>

export interface PagedWindow {
  readonly isTTY?: boolean | undefined
  readonly rows?: number | undefined
}

/** `undefined`: nobody looks, or no pager is wanted: `PAGER` is empty or `cat`. Without one named it is `less`, where there is one. */
export function pagerFor(
  window: PagedWindow,
  environment: Readonly<Record<string, string | undefined>>,
): ShowPages | undefined {
  const command = environment['PAGER'] ?? (isInstalled('less', environment) ? 'less' : '')
  if (window.isTTY !== true || environment['TERM'] === 'dumb' || command === '' || command === 'cat')
    return undefined
  return async (text) => {
    const lines = text.split('\n').length
    return lines > (window.rows ?? 24) && (await shown(command, text, environment))
  }
}

function isInstalled(program: string, { PATH = '' }: Readonly<Record<string, string | undefined>>): boolean {
  return PATH.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)))
}

/** As the shell says it: the command cannot be run. */
const notRun: ReadonlySet<number | null> = new Set([126, 127])

async function shown(
  command: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  // Colours as they are; and what was read stays on the screen.
  const env = { LESS: 'RX', ...environment }
  const pager = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env })
  const ended = new Promise<boolean>((resolve) => {
    pager.once('error', () => resolve(false))
    pager.once('close', (code) => resolve(!notRun.has(code)))
  })
  // Whoever has seen enough closes it.
  pager.stdin.on('error', () => undefined)
  pager.stdin.end(text)
  return await ended
}
