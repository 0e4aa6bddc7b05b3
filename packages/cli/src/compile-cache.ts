/**
 * Keeps what Node makes of our code, so that the next start does not make it again: half of the time that a start takes.
 *
 * @module
 */
import { statSync } from 'node:fs'
import nodeModule from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import process from 'node:process'
import { environment } from './environment.ts'

/**
 * In the cache folder of the user and not, as Node has it, in that of the machine for temporary files: nobody else shall
 * hand us code. So nothing is kept where that folder is somebody else's, as under `sudo`, or where there is none, or none
 * that can be written. `NODE_COMPILE_CACHE` names another folder, `NODE_DISABLE_COMPILE_CACHE=1` wants none. Node 20 knows
 * nothing of it.
 */
export function keepCompiledCode(): void {
  const { XDG_CACHE_HOME: named = '', LOCALAPPDATA: local = '' } = environment
  const windows = process.platform === 'win32'
  const [base, ...below] = isAbsolute(named) ? [named] : windows ? [local] : [homeFolder(), '.cache']
  if (isOurs(base)) nodeModule.enableCompileCache?.(join(base, ...below, 'sluice'))
}

function homeFolder(): string {
  try {
    return homedir()
  } catch {
    // Containers run under numbers that have no home.
    return ''
  }
}

function isOurs(folder: string): boolean {
  if (!isAbsolute(folder)) return false
  try {
    return process.getuid === undefined || statSync(folder).uid === process.getuid()
  } catch {
    // It is not there, or not for us to see.
    return false
  }
}
