/**
 * A server that receives and works on nothing, in a process of its own; or, as the floor, the barest server that
 * writes what is sent to it into a file. Prints its address, and when it is asked to stop, the most memory it held.
 *
 * @module
 */
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openSynchronizer } from '@sluice/inbox'
import { requireConfiguration } from '@sluice/project'
import { openRepository, openTokenStore } from '@sluice/repository'
import { startServer } from '@sluice/server'
import pino from 'pino'
import { z } from 'zod'

const asked = z
  .object({ folder: z.string(), url: z.string().optional(), schema: z.string().optional() })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

process.send?.(await (asked.url === undefined ? bare() : sluice(asked.url, asked.schema ?? 'bench_receive')))
process.on('message', () => {
  // maxRSS is in kilobytes on every platform.
  process.send?.({ megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }, () => process.exit())
})

async function bare(): Promise<{ readonly url: string }> {
  const server = createServer((request, answer) => {
    void pipeline(request, createWriteStream(join(asked.folder, 'bare.csv'))).then(() => answer.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The bare server does not listen.')
  return { url: `http://127.0.0.1:${address.port}/` }
}

async function sluice(
  url: string,
  schema: string,
): Promise<{ readonly url: string; readonly token: string }> {
  const configuration = await requireConfiguration(join(asked.folder, 'sluice.yaml'))
  const repository = await openRepository({ kind: 'postgres', url, schema })
  await repository.evolve(configuration)
  const inbox = { folder: join(asked.folder, schema) }
  const server = await startServer({
    configuration: { ...configuration, server: { ...configuration.server, port: 0 } },
    repository,
    synchronizer: openSynchronizer({ repository, configuration, inbox }),
    log: pino({ level: 'silent' }),
    version: 'bench',
    synchronizes: false,
  })
  const tokens = openTokenStore(repository.database)
  const { secret } = await tokens.create({ name: 'bench', role: 'agent', sources: ['people'] }, 'bench', [
    'people',
  ])
  return { url: server.url, token: secret }
}
