/**
 * Files with secrets that other users of the machine may read: whoever uses one is warned, once in a process.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import process from 'node:process'

type Listener = (sentence: string, remedy: string) => void

const reported = new Set<string>()
let listener: Listener = () => undefined

/** Calls `next` in place of who was called before, with each file that is used although others may read it. */
export function onOpenSecret(next: Listener): void {
  listener = next
}

/** Windows has no such modes. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0
}

/** @param what `token` */
export function openSecretSentence(what: string, path: string): string {
  return `Other users of this machine may read the ${what} in ${path}.`
}

/** To be called of a file with a secret that has been read. */
export async function warnOfOpenSecret(what: string, path: string): Promise<void> {
  if (reported.has(path) || !(await isOpenToOthers(path))) return
  reported.add(path)
  listener(openSecretSentence(what, path), `chmod 600 ${path}`)
}
