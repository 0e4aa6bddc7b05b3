/**
 * Starts a server: one HTTP face and one worker over a repository.
 *
 * Several may run over one PostgreSQL and one inbox folder; they need not know of one another.
 *
 * @module
 */
import { isIPv6 } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server as TlsServer } from 'node:tls'
import type { Synchronizer } from '@sluice/inbox'
import type { Configuration } from '@sluice/model'
import { openTokenStore, type Repository } from '@sluice/repository'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { readCertificate, watchCertificate } from './http/certificate.ts'
import { createApp } from './http/create-app.ts'
import { createMetrics } from './metrics.ts'
import type { ServerContext } from './server-context.ts'
import { AddressError } from './server-errors.ts'
import { createNotifier } from './worker/notifier.ts'
import { Worker } from './worker/worker.ts'

export interface ServerOptions {
  readonly configuration: Configuration
  /** Stays open when the server stops. */
  readonly repository: Repository
  /** Its inbox is `configuration.server.inbox`. */
  readonly synchronizer: Synchronizer
  readonly log: Logger
  /** As the OpenAPI document says it. */
  readonly version: string
  /** `false`: receives and answers, and leaves the runs to other servers. */
  readonly synchronizes?: boolean | undefined
}

export interface RunningServer extends AsyncDisposable {
  readonly host: string
  /** The one it listens at, also where 0 was asked for. */
  readonly port: number
  readonly url: string
  /** Reads the certificate again, as the server does by itself when its files change. */
  reloadCertificate(): Promise<void>
  /**
   * Takes nothing new, waits for the runs at work up to `configuration.server.stopTimeout`, then ends them.
   * `false`: one of them did not end (the database is still busy with a statement) and ends with the process.
   */
  stop(): Promise<boolean>
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { configuration, repository, synchronizer, version } = options
  const log = options.log.child({})
  const { server } = configuration
  // Before anything is taken in: all servers of a repository share one inbox.
  await synchronizer.inbox.claim()
  // After a restore, or without the disk of before: what cannot be there stops no queue.
  for (const error of await synchronizer.giveUpMissing())
    log.warn({ code: error.code, ...error.details }, error.message)
  const certificate = server.tls === undefined ? undefined : await readCertificate(server.tls)
  const stopping = new AbortController()
  const context: ServerContext = {
    configuration,
    repository,
    synchronizer,
    tokens: openTokenStore(repository.database),
    metrics: createMetrics(synchronizer),
    queueChanged: createNotifier(),
    runDecided: createNotifier(),
    stopping: stopping.signal,
  }
  const app = await createApp({ context, version, log, certificate })
  await listen(app, server.host, server.port)
  const worker = workerOf(context, options)
  if (options.synchronizes !== false) worker.start()
  const watch = server.tls === undefined ? undefined : watchCertificate(tlsServer(app), server.tls, log)
  let stopped: Promise<boolean> | undefined
  const stop = () => {
    stopping.abort()
    watch?.stop()
    // Whoever waits for a decision is answered with how things stand.
    context.runDecided.notify()
    stopped ??= shutDown(app, worker, server.stopTimeout)
    return stopped
  }
  const port = portOf(app)
  return {
    host: server.host,
    port,
    url: `${server.tls === undefined ? 'http' : 'https'}://${isIPv6(server.host) ? `[${server.host}]` : server.host}:${port}`,
    reloadCertificate: async () => await watch?.reload(),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    // Logged by whoever starts the server, who knows more.
    const { level } = app.log
    app.log.level = 'warn'
    await app.listen({ host, port })
    app.log.level = level
  } catch (error) {
    await app.close()
    throw new AddressError(`${host}:${port}`, error)
  }
}

function workerOf(
  { synchronizer, configuration, repository, ...context }: ServerContext,
  { log }: ServerOptions,
) {
  const { runsAtOnce, deliveryExpiry } = configuration.server
  return new Worker({
    synchronizer,
    runsAtOnce,
    deliveryExpiry,
    queueChanged: context.queueChanged,
    log,
    onRun: (report) => context.metrics.ran(report),
    onTried: () => context.runDecided.notify(),
    lastRun: async (source) => (await repository.runs({ source, limit: 1 }))[0],
  })
}

async function shutDown(app: FastifyInstance, worker: Worker, timeout: number): Promise<boolean> {
  const end = Date.now() + timeout
  // Both at once: requests are answered while runs end.
  const closed = app.close()
  const ended = await worker.stop(timeout)
  await Promise.race([closed, sleep(Math.max(0, end - Date.now()), undefined, { ref: false })])
  // What is still arriving goes on at another server, from where it is cut off here.
  app.server.closeAllConnections()
  await closed
  return ended
}

function tlsServer({ server }: FastifyInstance): Pick<TlsServer, 'setSecureContext'> {
  if ('setSecureContext' in server && typeof server.setSecureContext === 'function') {
    return server as typeof server & Pick<TlsServer, 'setSecureContext'>
  }
  throw new Error('A server with a certificate does not speak TLS.')
}

function portOf({ server }: FastifyInstance): number {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('The server does not listen at a port.')
  return address.port
}
