/**
 * `sluice server` in a process of its own, as people start it, and how it is: its memory, and how late its event loop is.
 *
 * @module
 */
import { execFile, fork } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

const main = fileURLToPath(new URL('../dist/cli/src/main.js', import.meta.url))
const build = fileURLToPath(new URL('../tools/build.ts', import.meta.url))
const probe = new URL('./load-server-probe.ts', import.meta.url).href

const stateSchema = z.object({
  /** Memory in megabytes: what it has now, and the most it has held since it began. */
  megabytes: z.number(),
  mostMegabytes: z.number(),
  /** How late the event loop was since it was asked before, in milliseconds. */
  lateP99: z.number(),
  latest: z.number(),
  /** Milliseconds of a processor since it began. */
  cpu: z.number(),
})
type ServerState = z.infer<typeof stateSchema>

export interface LoadServer extends AsyncDisposable {
  readonly url: string
  state(): Promise<ServerState>
}

/** The package, built anew: Node needs some sixty megabytes to strip types. */
export async function startLoadServer(folder: string): Promise<LoadServer> {
  await promisify(execFile)(process.execPath, [build])
  const child = fork(main, ['server', '--port', '0', '--log-format', 'json'], {
    cwd: folder,
    execArgv: ['--import', probe],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const failed = exited.then(() => Promise.reject(new Error('The server of the bench has ended.')))
  failed.catch(() => undefined)
  const { stderr } = child
  if (stderr === null) throw new Error('The server of the bench has no log.')
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: stderr }).on('line', (line) => {
      const found = /"url":"([^"]+)".*"msg":"listening"/.exec(line)
      if (found?.[1] !== undefined) resolve(found[1])
      else if (/"level":"?(50|60|error)/.test(line)) process.stderr.write(`${line}\n`)
    })
  })
  return {
    url: await Promise.race([listening, failed]),
    async state() {
      const answer = new Promise((resolve) => child.once('message', resolve))
      child.send('state')
      return stateSchema.parse(await Promise.race([answer, failed]))
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
