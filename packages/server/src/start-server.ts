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
import { queueLengths, type Synchronizer } from '@sluice/inbox'
import type { Configuration } from '@sluice/model'
import { openNotifications, Pauses } from '@sluice/notify'
import {
  type Database,
  isReadOnly,
  modelLock,
  openAccountStore,
  openAuditLog,
  openOpenIdSignIns,
  openSessionStore,
  openTokenStore,
  prune,
  type Repository,
  repositoryApart,
  watchModel,
} from '@sluice/repository'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { SignInWaits } from './access/sign-in-waits.ts'
import { Live } from './handlers/live.ts'
import { type CertificateWatch, endOf, readCertificate, watchCertificate } from './http/certificate.ts'
import { createApp } from './http/create-app.ts'
import { createMetrics } from './metrics/create-metrics.ts'
import { createRunProgress } from './run-progress.ts'
import type { Reloaded, ServerContext, SourceDefinitions } from './server-context.ts'
import { AddressError, RequestRefusedError } from './server-errors.ts'
import { AgeingWorker } from './worker/ageing-worker.ts'
import { keepForgettingPreviews } from './worker/forget-previews.ts'
import { NotificationWorker } from './worker/notification-worker.ts'
import { createNotifier } from './worker/notifier.ts'
import { PruningWorker } from './worker/pruning-worker.ts'
import { watchClosedRuns } from './worker/watch-closed-runs.ts'
import { watchDefinitions } from './worker/watch-definitions.ts'
import { Worker } from './worker/worker.ts'

/**
 * Connections of those who look: a list of any length takes one for each of its pages. PostgreSQL shares the processors among its processes, so
 * beside a run, which takes two, few of them would leave readers waiting in a row for a share that is too small.
 */
const readingAtOnce = 20
/** Connections for what is asked with every request and takes a millisecond, and for probes. */
const urgentAtOnce = 2

export interface ServerOptions {
  readonly configuration: Configuration
  /** Stays open when the server stops. */
  readonly repository: Repository
  /** Its inbox is `configuration.server.inbox`. */
  readonly synchronizer: Synchronizer
  readonly log: Logger
  /** Reads the configuration again, and lets the tables follow it; absent where it comes from no file. */
  readonly reread?: (() => Promise<Reread>) | undefined
  /** Definitions of sources; absent where the configuration comes from no file. */
  readonly sources?: SourceDefinitions | undefined
  /** As the OpenAPI document says it. */
  readonly version: string
  /** `false`: receives and answers, and leaves the runs to other servers. */
  readonly synchronizes?: boolean | undefined
}

/** A configuration that was read again. */
interface Reread {
  readonly configuration: Configuration
  readonly synchronizer: Synchronizer
  /** What was changed in the tables, a line each. */
  readonly changes: readonly string[]
  /** Settings that are otherwise now, and hold as they were until the server is started again; none when absent. */
  readonly restart?: readonly string[] | undefined
}

export interface RunningServer extends AsyncDisposable {
  readonly host: string
  /** The one it listens at, also where 0 was asked for. */
  readonly port: number
  readonly url: string
  /** Reads the configuration again. Throws, and goes on with the one it has, where that cannot be used. */
  reload(): Promise<Reloaded>
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
  const model = await keepModel(repository.database)
  /** Of what is begun below. */
  const watched: Watched = {}
  const context: ServerContext = {
    ...partsOf(options, watched),
    reload: () => reload(),
    stopping: stopping.signal,
  }
  const live = new Live(context)
  watchClosedRuns(synchronizer, context.metrics, log)
  const reload = once(() => reloadServer(live, model, options))
  const app = await createApp({ context, live, version, log, certificate })
  try {
    await listen(app, server.host, server.port)
  } catch (error) {
    await model.letGo()
    throw error
  }
  const worker = workerOf(live, options)
  const others = together(ageingWorkerOf(live, log), pruningWorkerOf(live, options))
  if (options.synchronizes !== false) {
    worker.start()
    watched.worker = worker
    others.start()
  }
  const notifying = notificationWorkerOf(live, log)
  notifying.start()
  const watching = watchDefinitions({ sources: options.sources, reload, log })
  const forgetting = keepForgettingPreviews({ forget: () => repository.jobs.forgetPreviews(), log })
  if (server.tls !== undefined && certificate !== undefined)
    watched.certificate = watchCertificate(tlsServer(app), { files: server.tls, first: certificate, log })
  let stopped: Promise<boolean> | undefined
  const stop = () => {
    stopping.abort()
    watched.certificate?.stop()
    // Whoever waits for a decision is answered with how things stand.
    context.runDecided.notify()
    stopped ??= shutDown(app, worker, server.stopTimeout)
      .finally(() => others.stop())
      // After the runs, so that what they write last is sent, too.
      .finally(() => notifying.stop())
      .finally(() => watching.stop())
      .finally(() => forgetting.stop())
      .finally(() => model.letGo())
      .finally(() => context.repository[Symbol.asyncDispose]())
      .finally(() => context.urgent[Symbol.asyncDispose]())
    return stopped
  }
  const port = portOf(app)
  return {
    host: server.host,
    port,
    url: `${server.tls === undefined ? 'http' : 'https'}://${isIPv6(server.host) ? `[${server.host}]` : server.host}:${port}`,
    reload,
    reloadCertificate: async () => await watched.certificate?.reload(),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

interface Startable {
  start(): void
  stop(): Promise<void>
}

function together(...workers: readonly Startable[]): Startable {
  return {
    start() {
      for (const worker of workers) worker.start()
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}

/** What is asked how it is, once it has begun. */
interface Watched {
  certificate?: CertificateWatch
  worker?: Worker
}

const noWorker = { lookedAgo: 0, obstacle: undefined } as const

function partsOf(
  { configuration, repository, synchronizer, sources, version }: ServerOptions,
  watched: Watched,
): Omit<ServerContext, 'reload' | 'stopping'> {
  const urgent = repositoryApart(repository, urgentAtOnce)
  const tokens = openTokenStore(urgent.database)
  const pauses = new Pauses()
  return {
    configuration,
    repository: repositoryApart(repository, readingAtOnce),
    urgent,
    synchronizer,
    modelWatch: watchModel(configuration),
    sources,
    tokens,
    accounts: openAccountStore(urgent.database),
    sessions: openSessionStore(urgent.database),
    openIdSignIns: openOpenIdSignIns(urgent.database),
    signInWaits: new SignInWaits(),
    audit: openAuditLog(urgent.database),
    notifications: openNotifications(repository.database, configuration, pauses),
    pauses,
    metrics: createMetrics({
      synchronizer: { queueLengths: () => urgent.database.session(queueLengths) },
      notifications: openNotifications(urgent.database, configuration),
      repository: urgent,
      tokens,
      certificateEnd: () => watched.certificate && endOf(watched.certificate.certificate),
      version,
    }),
    progress: createRunProgress(),
    worker: () => watched.worker?.state ?? noWorker,
    queueChanged: createNotifier(),
    runDecided: createNotifier(),
    notificationsDue: createNotifier(),
    jobsChanged: createNotifier(),
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

function notificationWorkerOf(live: Live, log: FastifyBaseLogger): NotificationWorker {
  const { metrics, notificationsDue } = live.context
  return new NotificationWorker({
    notifications: () => live.context.notifications,
    due: notificationsDue,
    log,
    onSent: (sent) => metrics.notified(sent),
  })
}

function ageingWorkerOf(live: Live, log: FastifyBaseLogger): AgeingWorker {
  const { metrics, runDecided, notificationsDue } = live.context
  return new AgeingWorker({
    ageing: () => live.context.synchronizer.ageing,
    every: () => live.context.configuration.ageing,
    log,
    onRun: (report) => {
      metrics.ran(report)
      runDecided.notify()
      notificationsDue.notify()
    },
  })
}

function pruningWorkerOf(live: Live, { repository, log }: ServerOptions): PruningWorker {
  return new PruningWorker({
    prune: ({ signal }) => prune(repository.database, live.context.configuration.retention, { signal }),
    every: () => live.context.configuration.retention.every,
    log,
  })
}

function workerOf(live: Live, { log }: ServerOptions) {
  const { queueChanged, metrics, runDecided, notificationsDue, repository, configuration, progress } =
    live.context
  const { runsAtOnce, deliveryExpiry } = configuration.server
  return new Worker({
    synchronizer: {
      waitingSources: () => live.context.synchronizer.waitingSources(),
      expireDeliveries: (milliseconds) => live.context.synchronizer.expireDeliveries(milliseconds),
      synchronize: (source, options) =>
        live.context.synchronizer
          .synchronize(source, { ...options, onProgress: progress.report })
          .finally(() => progress.end(source)),
    },
    checkModel: () => repository.database.session((session) => live.context.modelWatch.check(session)),
    isWritable: async () => !(await repository.database.session(isReadOnly)),
    runsAtOnce,
    deliveryExpiry,
    queueChanged,
    log,
    onRun: (report) => metrics.ran(report),
    onTried: () => {
      runDecided.notify()
      notificationsDue.notify()
    },
    lastRun: async (source) => (await repository.runs({ source, limit: 1 }))[0],
  })
}

/** The share in the model of the repository: while a server has one, nobody takes away what it works with. */
interface ModelShare {
  letGo(): Promise<void>
  take(): Promise<void>
}

async function keepModel(database: Database): Promise<ModelShare> {
  let share: AsyncDisposable | undefined = await database.share(modelLock)
  return {
    async letGo() {
      await share?.[Symbol.asyncDispose]()
      share = undefined
    },
    async take() {
      share ??= await database.share(modelLock)
    },
  }
}

/** One after the other, and never two at once. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
}

async function reloadServer(
  live: Live,
  model: ModelShare,
  { reread, repository, log }: ServerOptions,
): Promise<Reloaded> {
  if (reread === undefined)
    throw new RequestRefusedError('this server has no file to read its configuration from')
  const { context } = live
  // Our own share would keep us from taking away what the new configuration does not name.
  await model.letGo()
  const { configuration, synchronizer, changes, restart = [] } = await reread().finally(() => model.take())
  watchClosedRuns(synchronizer, context.metrics, log)
  const { server } = context.configuration
  live.become({
    ...context,
    // What a process listens at and lets in is settled when it starts.
    configuration: { ...configuration, server },
    synchronizer,
    notifications: openNotifications(repository.database, configuration, context.pauses),
    modelWatch: watchModel(configuration),
  })
  const sources = [...configuration.sources.keys()]
  log.info({ sources, changes }, 'configuration read again')
  if (restart.length > 0)
    log.warn({ settings: restart }, 'these settings hold as they were until the server is started again')
  context.queueChanged.notify()
  return { sources, changes, restart }
}

async function shutDown(app: FastifyInstance, worker: Worker, timeout: number): Promise<boolean> {
  const end = performance.now() + timeout
  // Both at once: requests are answered while runs end.
  const closed = app.close()
  const ended = await worker.stop(timeout)
  await Promise.race([closed, sleep(Math.max(0, end - performance.now()), undefined, { ref: false })])
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
