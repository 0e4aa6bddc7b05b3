/**
 * A program with everything it has started: asked whether any of it still runs, and ended as a whole.
 *
 * A program of its own process group can be signalled together with its children, however deep; Windows has no
 * such groups, and there the tree below the program is ended while the program still stands.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

export const hasGroups = process.platform !== 'win32'

/** Sends the signal to all of it; `false` when nothing was there to receive it. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(hasGroups ? -pid : pid, signal)
  } catch {
    return false
  }
}

/** Whether a process of the group still runs, apart from those that only wait to be buried. */
async function runs(pid: number): Promise<boolean> {
  if (!signalGroup(pid, 0)) return false
  return process.platform === 'linux' ? hasLivingMember(pid) : true
}

// A container without an init process never buries orphans: they answer to a signal for ever.
async function hasLivingMember(group: number): Promise<boolean> {
  for (const one of await allProcesses()) {
    const stat = await readFile(`/proc/${one}/stat`, 'latin1').catch(() => '')
    // pid (name, which may hold anything) state parent group …
    const [state, , ofGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (ofGroup === String(group) && state !== 'Z' && state !== 'X') return true
  }
  return false
}

async function allProcesses(): Promise<readonly string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
}

/**
 * Ends the processes that have this variable in their environment: a program whose Sluice was killed runs on, and
 * may hold locks in the managed system. Where there is no /proc none are found, and they end by themselves.
 */
export async function endOrphans(variable: string, grace = 2000): Promise<void> {
  const started = performance.now()
  for (;;) {
    const orphans = await processesWith(variable)
    const waited = performance.now() - started
    // One that not even force ends hangs in the operating system.
    if (orphans.length === 0 || waited > 2 * grace) return
    for (const pid of orphans) signalOne(pid, waited < grace ? 'SIGTERM' : 'SIGKILL')
    await sleep(50)
  }
}

async function processesWith(variable: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const found: number[] = []
  for (const one of await allProcesses()) {
    const environment = await readFile(`/proc/${one}/environ`, 'utf8').catch(() => '')
    if (environment.split('\0').includes(variable)) found.push(Number(one))
  }
  return found
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in the meantime.
  }
}

/** Waits until nothing of the group runs; `false` when something still does after so many milliseconds. */
export async function groupEnded(pid: number, within: number): Promise<boolean> {
  const deadline = performance.now() + within
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    if (!(await runs(pid))) return true
    if (performance.now() >= deadline) return false
    await sleep(pause)
  }
}

/** Asks all of it to end; what has not after so many milliseconds is killed. */
export async function endGroup(pid: number, grace: number): Promise<void> {
  if (!hasGroups) {
    await promisify(execFile)('taskkill', ['/PID', String(pid), '/T', '/F']).catch(() => {})
    return
  }
  signalGroup(pid, 'SIGTERM')
  if (!(await groupEnded(pid, grace))) signalGroup(pid, 'SIGKILL')
}
