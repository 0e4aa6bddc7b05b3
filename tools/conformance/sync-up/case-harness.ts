/**
 * Drives the product through a case: a project with its sources, and the sessions the case has opened.
 *
 * Everything goes through the library's front door. A session is a delivery; what the cases call
 * the server's queue is synchronized here one delivery at a time, in the order in which they were
 * announced, as a server for all sources does.
 *
 * @module
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Announced,
  type DeliveryStatus,
  type Prepared,
  type Project,
  type Repository,
  type RunReport,
  SluiceError,
  SourceHeldError,
} from '@sluice/project'
import type { Workplace } from '../suite.ts'
import type { CaseConfig } from './case-config.ts'
import { type CaseNames, caseNames } from './case-names.ts'
import { type Installation, install } from './installation.ts'
import type { Command } from './read-line.ts'
import { exportFolder, writeProject } from './write-project.ts'

interface Session {
  readonly connector: string
  /** Absent: it never had a place in the queue. */
  readonly announced?: Announced | undefined
  /** Why it had none. */
  readonly turnedAway?: 'refused' | 'skipped' | undefined
  prepared?: Prepared | undefined
}

/** How the cases call the states of a delivery; what is not here has no word of theirs. */
const statuses: Readonly<Partial<Record<DeliveryStatus['state'], string>>> = {
  announced: 'notified',
  held: 'blocked',
}

/** Code of the error that refuses an initial run of a source that holds resources. */
const initialRefused = 'SLUICE-DELIVER-02'

export class CaseHarness implements AsyncDisposable {
  readonly config: CaseConfig
  readonly names: CaseNames
  /** Where the agent delivers and people decide. */
  readonly project: Project
  readonly repository: Repository
  /** Sessions in the order in which they were applied. */
  readonly applied: string[] = []
  /** Folders in which the agent left its files, the latest last. */
  readonly preparedFolders: string[] = []
  readonly #folder: string
  /** In order of announcement. */
  readonly #sessions = new Map<string, Session>()

  readonly #installation: Installation

  private constructor(config: CaseConfig, names: CaseNames, folder: string, installation: Installation) {
    this.config = config
    this.names = names
    this.#folder = folder
    this.#installation = installation
    this.project = installation.project
    this.repository = installation.repository
  }

  static async open(config: CaseConfig, workplace: Workplace): Promise<CaseHarness> {
    const names = caseNames(config)
    await mkdir(join(workplace.folder, exportFolder))
    await writeProject(config, names, workplace)
    return new CaseHarness(config, names, workplace.folder, await install(workplace))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#installation[Symbol.asyncDispose]()
  }

  async exportTable(table: string, text: string): Promise<void> {
    await writeFile(this.#tablePath(table), `${text}\n`)
  }

  /** The file with which the agent compares the next incremental of a mapping. */
  referencePath(mapping: string): string {
    const [connector = ''] =
      Object.entries(this.config).find(([, { types, assocs }]) => mapping in types || mapping in assocs) ?? []
    const name = this.names.entityType(mapping) || this.names.association(mapping)
    const { workFolder } = this.project.configuration
    return join(workFolder, 'state', this.names.source(connector), 'previous', `${name}.sorted.csv`)
  }

  async run(command: Command): Promise<void> {
    switch (command.kind) {
      case 'prepare':
        await this.#prepare(command)
        break
      case 'send':
        await this.#send(this.#session(command.session))
        break
      case 'process':
        await this.#process(command.force)
        break
      case 'validate':
        await this.#validate(command.session)
        break
      case 'abandon':
        await this.#abandon(command.session)
        break
      case 'drop-source':
        await rm(this.#tablePath(command.table), { force: true })
        break
    }
    await this.#noteApplied()
  }

  /** In the words of the cases. */
  async statusOf(session: string): Promise<string> {
    const { announced, turnedAway } = this.#session(session)
    if (announced === undefined) return turnedAway ?? 'unknown'
    const delivery = await this.project.delivery(announced.deliveryId)
    return delivery === undefined ? 'unknown' : (statuses[delivery.state] ?? delivery.state)
  }

  /** The run of the session, if there was one. */
  async reportOf(session: string): Promise<RunReport | undefined> {
    const { announced } = this.#session(session)
    if (announced === undefined) return undefined
    const delivery = await this.project.delivery(announced.deliveryId)
    const run = delivery?.run ?? null
    return run === null ? undefined : this.project.repository.run(run)
  }

  async #prepare({ connector, mode, session: name, send }: Command & { kind: 'prepare' }): Promise<void> {
    const session = await this.#announce(connector, mode)
    this.#sessions.set(name, session)
    if (session.announced === undefined) return
    const prepared = await this.#prepared(session.announced)
    if (prepared === undefined) return
    this.preparedFolders.push(prepared.folder)
    session.prepared = prepared
    if (send) await this.#send(session)
    // The next preparation writes into the same folder, and a session may be sent after it.
    const outbox = join(this.#folder, 'outbox', name)
    await cp(prepared.folder, outbox, { recursive: true })
    session.prepared = { ...prepared, folder: outbox }
  }

  /**
   * Two are turned away before they have a place in the queue: an initial when the source holds resources,
   * an incremental while a run of the source is held.
   */
  async #announce(connector: string, mode: Announced['mode']): Promise<Session> {
    try {
      return { connector, announced: await this.project.announce(this.names.source(connector), { mode }) }
    } catch (error) {
      if (error instanceof SourceHeldError) return { connector, turnedAway: 'skipped' }
      if (error instanceof SluiceError && error.code === initialRefused) {
        return { connector, turnedAway: 'refused' }
      }
      throw error
    }
  }

  /** An error after which the delivery is refused is what the case may expect; any other is a failure. */
  async #prepared(announced: Announced): Promise<Prepared | undefined> {
    try {
      return await this.project.prepare(announced)
    } catch (error) {
      const delivery = await this.project.delivery(announced.deliveryId)
      if (error instanceof SluiceError && delivery?.state === 'refused') return undefined
      throw error
    }
  }

  async #send({ announced, prepared }: Session): Promise<void> {
    if (announced === undefined || prepared === undefined) return
    await this.project.deliver(announced, prepared)
  }

  async #process(force: boolean): Promise<void> {
    const stopped = new Set<string>()
    for (const [name, { connector }] of this.#sessions) {
      if (stopped.has(connector)) continue
      const before = await this.statusOf(name)
      if (before === 'ready' || (before === 'blocked' && force)) {
        await this.#installation.synchronize(this.names.source(connector), { force })
        await this.#noteApplied()
      }
      const after = await this.statusOf(name)
      if (after === 'notified' || after === 'blocked') stopped.add(connector)
    }
  }

  async #validate(name: string): Promise<void> {
    if ((await this.statusOf(name)) !== 'blocked') return
    const report = await this.reportOf(name)
    if (report?.run == null) throw new Error(`Session ${name} is blocked without a run.`)
    await this.project.approve(report.run, { by: 'the case' })
  }

  async #abandon(name: string): Promise<void> {
    const { announced } = this.#session(name)
    if (announced === undefined || (await this.statusOf(name)) !== 'notified') return
    await this.project.giveUp(announced, 'The case abandons it.')
  }

  async #noteApplied(): Promise<void> {
    for (const name of this.#sessions.keys()) {
      if (!this.applied.includes(name) && (await this.statusOf(name)) === 'applied') this.applied.push(name)
    }
  }

  #session(name: string): Session {
    const session = this.#sessions.get(name)
    if (session === undefined) throw new Error(`The case has opened no session ${name}.`)
    return session
  }

  #tablePath(table: string): string {
    return join(this.#folder, exportFolder, this.names.file(table))
  }
}
