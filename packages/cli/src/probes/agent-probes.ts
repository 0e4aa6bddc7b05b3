/**
 * How the machines around an agent ask about it: alive, ready, counted. Nothing but that is answered, and nothing is asked for a token.
 *
 * @module
 */
import { access, constants } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { dirname } from 'node:path'
import { isAlmostFull } from '@sluice/files'
import type { AgentMetrics } from './agent-metrics.ts'
import { ProbesAddressError } from './probes-address-error.ts'

export interface ProbesOptions {
  readonly host: string
  readonly port: number
  readonly metrics: AgentMetrics
  readonly workFolder: () => string
  readonly stop: AbortSignal
}

export interface RunningProbes extends AsyncDisposable {
  readonly url: string
}

/** Throws `ProbesAddressError`. */
export async function serveProbes(options: ProbesOptions): Promise<RunningProbes> {
  const { host, port } = options
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 8192 }, (request, response) => {
    void answer(options, request.url ?? '/').then(({ status, type, text }) => {
      response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' })
      response.end(request.method === 'HEAD' ? undefined : text)
    })
  })
  server.maxConnections = 64
  try {
    await listening(server, host, port)
  } catch (error) {
    throw new ProbesAddressError(`${host}:${port}`, error)
  }
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

const json = (status: number, document: object): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  text: JSON.stringify(document),
})

async function answer(options: ProbesOptions, url: string): Promise<Answer> {
  switch (url.split('?')[0]) {
    case '/health':
      return json(200, { status: 'alive' })
    case '/ready': {
      const reason = await unreadiness(options)
      return reason === undefined
        ? json(200, { status: 'ready' })
        : json(503, { status: 'not ready', reason })
    }
    case '/metrics':
      return await options.metrics.text().then(
        (text) => ({ status: 200, type: options.metrics.contentType, text }),
        () => json(503, { status: 'the metrics cannot be read' }),
      )
    default:
      return json(404, { status: 'There are /health, /ready and /metrics.' })
  }
}

/** The folder, or the one in which it is going to be made. */
async function thatIsThere(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  )
  return there || dirname(folder) === folder ? folder : await thatIsThere(dirname(folder))
}

/** `undefined`: it can do its work. */
async function unreadiness({ metrics, workFolder, stop }: ProbesOptions): Promise<string | undefined> {
  if (stop.aborted) return 'the agent is being stopped'
  const folder = await thatIsThere(workFolder())
  try {
    await access(folder, constants.W_OK)
  } catch {
    return 'the work folder cannot be written'
  }
  if (await isAlmostFull(folder)) return 'the disk of the work folder is full'
  return metrics.serverAway === undefined ? undefined : 'the server does not answer'
}
