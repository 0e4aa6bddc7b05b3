/**
 * A server that a test has started as a process of its own: whether it listens, and its end.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { connect } from 'node:net'

/** Whether somebody takes connections there. */
export function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Asks it to end, and waits for that. */
export async function endServer(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await ended
}
