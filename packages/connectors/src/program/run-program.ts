/**
 * Runs a program to its end, or to the end of the time it has, with everything it starts.
 *
 * Made of node:child_process: what is needed is one process group that is ended as a whole, and outputs that are
 * cut as they come; execa 9 ends the program alone, and its children would go on writing.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OnProgramLine } from '../contract/export-request.ts'
import { endGroup, groupEnded, hasGroups, signalGroup } from '../process/process-group.ts'
import { ProgramOutput } from './program-output.ts'

export interface ProgramRequest {
  readonly command: readonly [string, ...string[]]
  readonly workingFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds. */
  readonly timeout: number
  /** Between the request to end and the end by force: milliseconds. */
  readonly grace?: number | undefined
  /** What the program started may go on for so many milliseconds after its own end. */
  readonly aftermath?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onLine?: OnProgramLine | undefined
}

export type ProgramEnd = { readonly output: readonly string[] } & (
  | { readonly kind: 'not started'; readonly cause: unknown }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timeout' }
  /** It ended well, but something it had started went on. */
  | { readonly kind: 'left behind' }
)

type Program = ChildProcessByStdio<null, Readable, Readable>
type Exit = Pick<Exclude<ProgramEnd, { kind: 'left behind' }>, 'kind'> &
  (
    | { kind: 'not started'; cause: unknown }
    | { kind: 'exited'; status: number }
    | { kind: 'signalled'; signal: string }
  )

/** Nothing of the program runs any more afterwards. An abort is thrown as its reason. */
export async function runProgram(request: ProgramRequest): Promise<ProgramEnd> {
  request.signal?.throwIfAborted()
  const output = new ProgramOutput(request.onLine)
  const [program, ...args] = request.command
  const child = spawn(program, args, {
    cwd: request.workingFolder,
    env: request.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: hasGroups,
    windowsHide: true,
  })
  const ending = follow(child, output)
  const { pid } = child
  if (pid === undefined) return { ...(await ending.exit), output: [] }

  // Whatever ends this process, the program shall not outlive it.
  const dieTogether = () => void signalGroup(pid, 'SIGKILL')
  process.once('exit', dieTogether)
  try {
    const end = await endOf(pid, ending.exit, request)
    await closed(child, ending.closed)
    return { ...end, output: output.tail }
  } finally {
    process.off('exit', dieTogether)
    output.finish()
  }
}

function follow(child: Program, output: ProgramOutput) {
  for (const [stream, readable] of [
    ['stdout', child.stdout],
    ['stderr', child.stderr],
  ] as const) {
    const take = output.taker(stream)
    readable.on('data', take)
    readable.on('error', () => {})
    readable.once('close', () => take())
  }
  const exit = new Promise<Exit>((resolve) => {
    child.once('error', (cause) => resolve({ kind: 'not started', cause }))
    child.once('exit', (status, signal) =>
      resolve(signal === null ? { kind: 'exited', status: status ?? 0 } : { kind: 'signalled', signal }),
    )
  })
  return { exit, closed: new Promise<void>((resolve) => child.once('close', () => resolve())) }
}

async function endOf(
  pid: number,
  exit: Promise<Exit>,
  { timeout, grace = 10_000, aftermath = 2000, signal }: ProgramRequest,
): Promise<Exit | { kind: 'timeout' } | { kind: 'left behind' }> {
  const first = await firstOf(exit, timeout, signal)
  if (first !== 'exited') {
    await endGroup(pid, grace)
    await exit
    signal?.throwIfAborted()
    return { kind: 'timeout' }
  }
  const end = await exit
  if (!hasGroups || (await groupEnded(pid, aftermath))) return end
  await endGroup(pid, grace)
  return end.kind === 'exited' && end.status === 0 ? { kind: 'left behind' } : end
}

/** What comes first: the end of the program, that of its time, or an abort. */
async function firstOf(
  exit: Promise<unknown>,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<'exited' | 'timeout' | 'aborted'> {
  const over = new AbortController()
  const aborted = new Promise<'aborted'>((resolve) => {
    signal?.addEventListener('abort', () => resolve('aborted'), { once: true, signal: over.signal })
  })
  const late = waitFor(timeout, over.signal).then(() => 'timeout' as const)
  try {
    return await Promise.race([exit.then(() => 'exited' as const), late, aborted])
  } finally {
    over.abort()
  }
}

/** Timers hold at most 2^31 milliseconds, about 24 days. */
async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(milliseconds, 2 ** 31 - 1), undefined, { signal }).catch(() => {})
}

/** Its outputs are read to their end, but nobody who took them along into another group holds us up. */
async function closed(child: Program, closing: Promise<void>): Promise<void> {
  await Promise.race([closing, sleep(500, undefined, { ref: false })])
  child.stdout.destroy()
  child.stderr.destroy()
}
