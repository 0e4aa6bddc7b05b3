/**
 * Programs in namespaces of their own, as containers are: with a host name, and process numbers that begin at 1.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** Whether this user may give a process namespaces of its own. */
export const hasNamespaces =
  spawnSync('unshare', ['--pid', '--fork', '--mount-proc', '--uts', 'true']).status === 0

export interface Contained extends AsyncDisposable {
  readonly child: ChildProcess
  /** The next line that it says. */
  next(): Promise<string>
  /** Says a line to it, and returns what it answers. */
  ask(text: string): Promise<string>
  /** All processes of it; it is gone when this resolves. */
  kill(): Promise<void>
  pause(): void
  wake(): void
}

/** @param host `undefined`: no container, a process as any other. */
export function inContainer(host: string | undefined, script: readonly string[]): Contained {
  const command = [process.execPath, ...script]
  const inside = `hostname ${host}; exec "$@"`
  const namespaces = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts']
  const contained = ['unshare', ...namespaces, 'sh', '-c', inside, 'sh', ...command]
  const [program = '', ...args] = host === undefined ? command : contained
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  const isGone = () => child.exitCode !== null || child.signalCode !== null
  const signal = (name: NodeJS.Signals) => {
    // The group: what runs inside of the namespace is a child of `unshare`.
    if (child.pid !== undefined && !isGone()) process.kill(-child.pid, name)
  }
  const kill = async () => {
    if (isGone()) return
    const gone = once(child, 'exit')
    signal('SIGKILL')
    await gone
  }
  return {
    child,
    next,
    ask: (text) => {
      child.stdin.write(`${text}\n`)
      return next()
    },
    kill,
    pause: () => signal('SIGSTOP'),
    wake: () => signal('SIGCONT'),
    [Symbol.asyncDispose]: kill,
  }
}
