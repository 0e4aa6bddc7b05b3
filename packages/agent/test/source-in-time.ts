/**
 * One source over several preparations and deliveries, with the state the agent keeps in between.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeliveryMode, Mode } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import { manifestSchema, type PreparedFile } from '@sluice/protocol'
import {
  type Case,
  model,
  settings,
  sourceOf,
  temporaryFolder,
  writeFiles,
} from '../../prepare/test/prepare-text.ts'
import { deliver } from '../src/deliver/deliver.ts'
import { lastDelivered } from '../src/reference/move-reference.ts'
import { prepareSource } from '../src/send/prepare-source.ts'
import { MemoryInbox } from './memory-inbox.ts'

type Mappings = Pick<Case, 'entities' | 'associations' | 'cardinality'>

export class SourceInTime implements AsyncDisposable {
  readonly inbox = new MemoryInbox()
  readonly state: string
  readonly prepared: string
  mappings: Mappings
  mode: Mode = 'auto'
  readonly #exported: string
  readonly #folder: { readonly path: string } & AsyncDisposable
  #count = 0

  private constructor(folder: { readonly path: string } & AsyncDisposable, mappings: Mappings) {
    this.#folder = folder
    this.mappings = mappings
    this.state = join(folder.path, 'state')
    this.prepared = join(folder.path, 'prepared')
    this.#exported = join(folder.path, 'export')
  }

  static async open(mappings: Mappings): Promise<SourceInTime> {
    return new SourceInTime(await temporaryFolder(), mappings)
  }

  /** Prepares these files; what it says of each mapping. */
  async prepare(mode: DeliveryMode, files: Case['files'], base?: string): Promise<Prepared> {
    await writeFiles(this.#exported, files)
    const found = await prepareSource({
      source: { ...sourceOf(this.#exported, this.mappings), mode: this.mode },
      model: model(this.mappings.cardinality ?? 'many-to-many'),
      mode,
      state: this.state,
      base: base ?? (await lastDelivered(this.state, this.inbox)),
      folder: this.prepared,
      settings,
    })
    manifestSchema.parse(found.manifest)
    return found
  }

  /** Announces and delivers; the id of the delivery. */
  async deliver(prepared: Prepared, id?: string): Promise<string> {
    const deliveryId = await this.announce(id)
    await deliver({ inbox: this.inbox, deliveryId, prepared, state: this.state })
    return deliveryId
  }

  async announce(id = `d${this.#count + 1}`): Promise<string> {
    this.#count += 1
    await this.inbox.announce({ id })
    return id
  }

  /** Prepares and delivers; the delta of the first mapping and what was counted. */
  async incremental(files: Case['files']): Promise<{ delta: string; counts: PreparedFile; notes: string[] }> {
    const prepared = await this.prepare('incremental', files)
    const [counts] = prepared.manifest.files
    if (counts === undefined) throw new Error('no mapping')
    const delta = await this.text(counts.name)
    await this.deliver(prepared)
    return { delta, counts, notes: prepared.manifest.notes }
  }

  async complete(files: Case['files'], id?: string): Promise<string> {
    return this.deliver(await this.prepare('complete', files), id)
  }

  /** Text of a prepared file. */
  text(name: string): Promise<string> {
    return readFile(join(this.prepared, name), 'utf8')
  }

  async names(): Promise<readonly string[]> {
    return (await readdir(this.prepared)).sort()
  }

  referencePath(mapping: string): string {
    return join(this.state, 'previous', `${mapping}.sorted.csv`)
  }

  reference(mapping: string): Promise<string> {
    return readFile(this.referencePath(mapping), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]()
  }
}
