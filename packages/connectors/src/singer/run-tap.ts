/**
 * Runs a program whose lines are data: they are read as fast as they are used, and the program waits.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { endGroup, hasGroups, signalGroup } from '../process/process-group.ts'
import { ProgramOutput } from '../program/program-output.ts'

export interface TapLine {
  readonly text: string
  /** Counted from 1. */
  readonly line: number
}

/** Characters of a line: more is no message. */
const longest = 64 * 1024 * 1024

/** Nothing of the program runs any more when the lines have ended, or whoever takes them has stopped. */
export async function* runTap(
  [program = '', ...args]: readonly string[],
  context: ConnectorContext,
): AsyncGenerator<readonly TapLine[], void, undefined> {
  const { signal } = context
  signal.throwIfAborted()
  const child = spawn(program, args, {
    cwd: context.resolvePath('.'),
    env: variablesOf(context),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: hasGroups,
    windowsHide: true,
  })
  const output = new ProgramOutput(({ text }) => context.log(text))
  const ended = endOf(child, child.stderr, output)
  const { pid } = child
  const stop = () => void (pid !== undefined && endGroup(pid, 2000))
  const dieTogether = () => void (pid !== undefined && signalGroup(pid, 'SIGKILL'))
  signal.addEventListener('abort', stop, { once: true })
  process.once('exit', dieTogether)
  let whole = false
  try {
    yield* linesOf(child.stdout, program)
    const end = await ended
    whole = true
    signal.throwIfAborted()
    if (end !== undefined) throw failureOf(program, end, output.tail)
  } finally {
    if (!whole && pid !== undefined) await endGroup(pid, 2000)
    signal.removeEventListener('abort', stop)
    process.off('exit', dieTogether)
    output.finish()
  }
}

/** As for export programs: what is ours is not the program's. */
function variablesOf({ environment }: ConnectorContext): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SLUICE_')))
}

/** Why it did not end well; `undefined`: it did. */
function endOf(child: ChildProcess, stderr: Readable, output: ProgramOutput): Promise<string | undefined> {
  const take = output.taker('stderr')
  stderr.on('data', take)
  const closed = new Promise<void>((resolve) => stderr.once('close', resolve))
  const exited = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('exit', (status, by) => {
      if (by !== null) resolve(`was ended by ${by}`)
      else resolve(status === 0 ? undefined : `ended with status ${status}`)
    })
  })
  return exited.then(async (end) => {
    await closed
    take()
    return end
  })
}

async function* linesOf(
  stdout: Readable,
  program: string,
): AsyncGenerator<readonly TapLine[], void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let line = 0
  const numbered = (texts: readonly string[]) => texts.map((text) => ({ text, line: ++line }))
  for await (const chunk of stdout) {
    const parts = (rest + decodedBy(decoder, chunk, program)).split('\n')
    rest = parts.pop() ?? ''
    if (rest.length > longest) throw new ManagedSystemError(`${program} writes a line that does not end.`)
    yield numbered(parts)
  }
  if (rest !== '') yield numbered([rest])
}

function decodedBy(decoder: TextDecoder, chunk: unknown, program: string): string {
  try {
    return chunk instanceof Uint8Array ? decoder.decode(chunk, { stream: true }) : ''
  } catch {
    throw new ManagedSystemError(`${program} writes what is not UTF-8.`)
  }
}

function failureOf(program: string, end: string, tail: readonly string[]): ManagedSystemError {
  const words = tail.length === 0 ? '' : ` It says: ${tail.slice(-5).join(' / ').slice(0, 2000)}`
  return new ManagedSystemError(`${program} ${end}.${words}`, {
    remedy: end.startsWith('could not')
      ? 'Look at command: the tap has to be installed, and is named with its path where it is not in PATH.'
      : 'Look at what it says, and at config.',
  })
}
