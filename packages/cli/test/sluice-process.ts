/**
 * The command line in a process of its own, which logs JSON: agents and servers, for tests that stop and kill them.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Of the sources. */
export const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export type LogLine = Readonly<Record<string, unknown>>

export interface SluiceProcess {
  readonly child: ChildProcess
  /** Its exit status; -1 where it was killed. */
  readonly ended: Promise<number>
  /** What it has logged so far. */
  readonly lines: () => readonly LogLine[]
  /** Until it has logged this; throws where it ends before. */
  readonly says: (message: string, like?: (line: LogLine) => boolean) => Promise<LogLine>
}

/** @param program The entry of another version than the one that is tested. */
export function spawnSluice(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  program = main,
): SluiceProcess {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...environment }
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env })
  let text = ''
  // It was not started at all, such as in a folder that is not there.
  child.on('error', (error) => {
    text += String(error)
  })
  child.stderr.on('data', (chunk) => {
    text += String(chunk)
  })
  const ended = new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)))
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line): LogLine => JSON.parse(line))
  const says = async (message: string, like: (line: LogLine) => boolean = () => true) => {
    for (;;) {
      const found = lines().find((line) => line['msg'] === message && like(line))
      if (found !== undefined) return found
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
        throw new Error(`It ended before it said "${message}":\n${text}`)
      await sleep(25)
    }
  }
  return { child, ended, lines, says }
}
