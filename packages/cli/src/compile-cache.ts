/**
 * Keeps what Node makes of our code, so that the next start does not make it again: half of the time that a start takes.
 *
 * @module
 */
import nodeModule from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import process from 'node:process'

/**
 * In the cache folder of the user and not, as Node has it, in that of the machine for temporary files: nobody else shall
 * hand us code. Where there is no home, or none that can be written, nothing is kept. `NODE_COMPILE_CACHE` names another
 * folder, `NODE_DISABLE_COMPILE_CACHE=1` wants none. Node 20 knows nothing of it.
 */
export function keepCompiledCode(): void {
  const folder = cacheFolder()
  if (folder !== undefined) nodeModule.enableCompileCache?.(join(folder, 'sluice'))
}

function cacheFolder(): string | undefined {
  // biome-ignore lint/style/noProcessEnv: before anything else is loaded that could hand it on
  const { XDG_CACHE_HOME: named = '', LOCALAPPDATA: local = '' } = process.env
  if (isAbsolute(named)) return named
  const folder = process.platform === 'win32' ? local : join(homeFolder(), '.cache')
  return isAbsolute(folder) ? folder : undefined
}

function homeFolder(): string {
  try {
    return homedir()
  } catch {
    // Containers run under numbers that have no home.
    return ''
  }
}
