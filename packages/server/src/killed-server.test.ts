/**
 * Server processes as people start them: killed in the middle of a run, stopped by a signal, sent away.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { routes } from '@sluice/protocol'
import { expect, test } from 'vitest'
import {
  clientOf,
  createServerHarness,
  decided,
  deliver,
  type ServerHarness,
  yaml,
} from '../test/server-harness.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))

interface ServerProcess extends AsyncDisposable {
  readonly url: string
  /** Ends it and returns its exit status, `null` when it was killed. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** A server of its own process over the harness's repository, and over the inbox in `folder`. */
async function spawnServer(harness: ServerHarness, folder = harness.folder): Promise<ServerProcess> {
  const { repository } = harness.configuration
  if (repository.kind !== 'postgres') throw new Error('A folder belongs to one process.')
  mkdirSync(folder, { recursive: true })
  const { url, schema } = repository
  writeFileSync(
    join(folder, 'sluice.yaml'),
    yaml.replace(
      'repository: ./repository',
      `repository: { url: ${JSON.stringify(url)}, schema: ${schema} }`,
    ),
  )
  const child = spawn(process.execPath, [main, 'server', '--port', '0'], { cwd: folder })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const output: string[] = []
  const listening = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      output.push(line)
      const found = /"url":"([^"]+)".*"msg":"listening"/.exec(line)
      if (found?.[1] !== undefined) resolve(found[1])
    })
    void exited.then((status) => reject(new Error(`Ended with ${status}: ${output.join('\n')}`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return await exited
  }
  return { url: await listening, end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) }
}

test('a server killed in the middle of a run is taken over by another, which applies the delivery once', async () => {
  await using harness = await createServerHarness()
  await using one = await spawnServer(harness)
  const token = harness.secrets.agent
  const { repository } = harness
  let id = ''
  await repository.database.transaction(async (session) => {
    // The run comes as far as its changes, and waits.
    await session.execute('lock table person in exclusive mode')
    id = (await deliver(one, token, 'hr', ['ada', 'grace'])).id
    await expect.poll(async () => (await session.query(waiting)).count, { timeout: 20_000 }).toBe(1)
    await one.end('SIGKILL')
  })
  await using two = await spawnServer(harness)
  expect(await decided(two, token, id)).toMatchObject({ state: 'applied', run: 2 })
  const { runs } = await clientOf(two, token).call(routes.runs, { params: {} })
  expect(runs.map(({ state }) => state)).toEqual(['applied', 'interrupted'])
  expect(await two.end('SIGTERM')).toBe(0)
})

const waiting = "select from pg_locks where not granted and relation = 'person'::regclass"

test('a server with another inbox folder than the rest does not start while deliveries wait', async () => {
  await using harness = await createServerHarness()
  await using one = await spawnServer(harness)
  await clientOf(one, harness.secrets.agent).call(routes.announce, {
    params: { delivery: crypto.randomUUID() },
    body: { source: 'hr', mode: 'complete' },
  })
  await expect(spawnServer(harness, join(harness.folder, 'elsewhere'))).rejects.toThrow('SLUICE-RECEIVE-12')
})
