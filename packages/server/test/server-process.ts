/**
 * Servers as people start them, each in a process of its own.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { RepositoryLocation } from '@sluice/model'
import { yaml } from './server-harness.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))

export interface ServerProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Lines of its log so far. */
  readonly logged: readonly string[]
  /** Ends it and returns its exit status, `null` when it was killed. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** A server over a repository, with its inbox below `folder`; `more` is added to its configuration. */
export async function spawnServer(
  repository: RepositoryLocation,
  folder: string,
  more = '',
): Promise<ServerProcess> {
  mkdirSync(folder, { recursive: true })
  const place =
    repository.kind === 'postgres'
      ? `{ url: ${JSON.stringify(repository.url)}, schema: ${repository.schema} }`
      : JSON.stringify(repository.path)
  writeFileSync(
    join(folder, 'sluice.yaml'),
    yaml.replace('repository: ./repository', `repository: ${place}\n${more}`),
  )
  const child = spawn(process.execPath, [main, 'server', '--port', '0'], { cwd: folder })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const logged: string[] = []
  const listening = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      logged.push(line)
      const found = /"url":"([^"]+)".*"msg":"listening"/.exec(line)
      if (found?.[1] !== undefined) resolve(found[1])
    })
    void exited.then((status) => reject(new Error(`Ended with ${status}: ${logged.join('\n')}`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return await exited
  }
  const pid = child.pid ?? 0
  return {
    url: await listening,
    pid,
    logged,
    end,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  }
}
