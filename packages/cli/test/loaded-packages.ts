/**
 * Starts the command line and says what it loaded.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Writes the URL of each module that is loaded to standard error, a line each. */
const watch = `
import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { console.error(url); return next(url, context) } })`

/** The packages, ours among them, of which a command has loaded a module. */
export async function loadedPackages(
  workingFolder: string,
  args: readonly string[],
): Promise<ReadonlySet<string>> {
  const { stderr } = await run(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(watch)}`, main, ...args],
    { cwd: workingFolder },
  )
  const ours = [...stderr.matchAll(/\/packages\/(\w+)\/src\//g)].map(([, name]) => `@sluice/${name}`)
  const others = [...stderr.matchAll(/\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)].map(
    ([, name = '']) => name,
  )
  return new Set([...ours, ...others])
}
