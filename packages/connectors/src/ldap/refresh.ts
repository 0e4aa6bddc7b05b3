/**
 * What a refresh of content synchronization says of the entries that were known, and of new ones (RFC 4533, section 3.3).
 *
 * @module
 */
import type { SyncInfo, SyncState } from './sync-controls.ts'

export class Refresh {
  /** Ids of the entries that there were. */
  readonly #known: ReadonlySet<string>
  /** Of those that are reported to be there. */
  readonly #mentioned = new Set<string>()
  readonly #deleted = new Set<string>()
  /** Everything that is not mentioned is gone. */
  #presentPhase = false

  constructor(known: Iterable<string>) {
    this.#known = new Set(known)
  }

  /** Whether the entry is new or has changed, so that its row has to be written. Without a state it is new. */
  entry(synced: { readonly state: SyncState; readonly id: string } | undefined): boolean {
    if (synced === undefined)
      throw new Error('The server sent an entry without its state of synchronization.')
    if (synced.state === 'delete') this.#delete(synced.id)
    else this.#mention(synced.id)
    return synced.state === 'add' || synced.state === 'modify'
  }

  /** A message between the entries. */
  info(info: SyncInfo | undefined): void {
    if (info?.kind === 'present phase ends') this.#presentPhase = true
    if (info?.kind !== 'ids') return
    for (const id of info.ids) {
      if (info.deleted) this.#delete(id)
      else this.#mention(id)
    }
  }

  /** `deletes`: what was not mentioned is as it was. */
  done(deletes: boolean): void {
    if (!deletes) this.#presentPhase = true
  }

  /** Ids of what is there now, and of what has gone. */
  end(): { readonly there: ReadonlySet<string>; readonly gone: ReadonlySet<string> } {
    const there = this.#presentPhase ? new Set<string>() : new Set(this.#known)
    for (const id of this.#mentioned) there.add(id)
    for (const id of this.#deleted) there.delete(id)
    const gone = new Set([...this.#known].filter((id) => !there.has(id)))
    return { there, gone }
  }

  #mention(id: string): void {
    this.#mentioned.add(id)
    this.#deleted.delete(id)
  }

  #delete(id: string): void {
    this.#deleted.add(id)
    this.#mentioned.delete(id)
  }
}
