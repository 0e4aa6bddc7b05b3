/**
 * What it costs to hand a delivery over on the same machine, against curl and the barest server that writes to a
 * file; and the memory of a server that receives from one agent, and from ten at once.
 *
 * @module
 */
import { execFile, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { deliver, HttpInbox, ServerLink } from '@sluice/agent'
import type { Prepared } from '@sluice/prepare'
import { z } from 'zod'
import { type BenchRow, benchRow, timed } from './measure.ts'
import { generateVersion, prepareVersion, type SynchronizeBench } from './synchronize.ts'
import type { MemoryRow } from './tables.ts'

export interface UploadResult {
  readonly rows: readonly BenchRow[]
  readonly memory: readonly MemoryRow[]
}

const agents = 10

export async function benchUpload(bench: SynchronizeBench & { readonly url: string }): Promise<UploadResult> {
  await generateVersion(bench, 1)
  const prepared = await prepareVersion(bench, 1)
  const [file] = prepared.manifest.files
  if (file === undefined) throw new Error('The bench has prepared nothing.')
  const rounds: { readonly floor: number; readonly ours: number }[] = []
  const bare = await receiver({ folder: bench.folder })
  const alone = await receiver({ ...bench, schema: schemaName() })
  for (let round = 0; round < bench.rounds; round++) {
    const path = join(prepared.folder, file.name)
    const floor = await timed(() => promisify(execFile)('curl', ['-sS', '-T', path, bare.url]))
    await truncate(join(bench.folder, 'bare.csv'))
    rounds.push({ floor, ours: await timed(() => handOver(alone, prepared)) })
  }
  await bare.stop()
  const one = await alone.stop()
  const busy = await receiver({ ...bench, schema: schemaName() })
  await Promise.all(Array.from({ length: agents }, () => handOver(busy, prepared)))
  const ten = await busy.stop()
  const size = `${Math.round(file.size / 1e6)} MB`
  const task = `deliver ${size} over HTTP: announce, upload, check, seal`
  return {
    rows: [benchRow({ task, floor: 'curl to the barest server that writes a file', limit: 2 }, rounds)],
    memory: [
      { task: `server, Node, receives ${size} from one agent`, megabytes: one, limit: 320 },
      { task: `server, Node, receives ${size} from each of ten agents at once`, megabytes: ten, limit: 350 },
    ],
  }
}

const schemaName = () => `bench_${randomUUID().slice(0, 8)}`

async function handOver({ url, token }: Receiver, prepared: Prepared): Promise<void> {
  await using link = await ServerLink.open({ server: url, token })
  const inbox = new HttpInbox(link, { compression: 'auto', retryFor: 0 })
  const id = randomUUID()
  await inbox.announce({ id, source: 'people', mode: 'complete' })
  const status = await deliver({ inbox, deliveryId: id, prepared })
  if (status.state !== 'ready') throw new Error(`The bench's delivery is ${status.state}.`)
}

interface Receiver {
  readonly url: string
  readonly token: string
  /** Returns the most memory it held, in megabytes. */
  stop(): Promise<number>
}

const started = z.object({ url: z.string(), token: z.string().default('') })
const stopped = z.object({ megabytes: z.number() })

async function receiver(of: {
  readonly folder: string
  readonly url?: string
  readonly schema?: string
}): Promise<Receiver> {
  const { folder, url, schema } = of
  const child = fork(fileURLToPath(new URL('./receive-child.ts', import.meta.url)), [
    JSON.stringify({ folder, url, schema }),
  ])
  const nextLine = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('exit', (code) => reject(new Error(`The receiving process ended with ${code}.`)))
    })
  return {
    ...started.parse(await nextLine()),
    async stop() {
      child.send('stop')
      return stopped.parse(await nextLine()).megabytes
    },
  }
}
