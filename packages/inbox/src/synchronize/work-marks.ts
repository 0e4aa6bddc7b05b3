/**
 * Marks beside the files of deliveries: a process is in the middle of a run of this one.
 *
 * Whoever finds a mark where nobody is at work knows that the process died, whatever ended it. What ends a run in any other way
 * takes the mark away: also where the database is away, and nothing can be noted there. Every server of a repository shares
 * the folder, and a file that is written outlives its process without being synced.
 *
 * @module
 */
import { access, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFileMode } from '@sluice/files'

/** No name of a delivered file. */
const markName = 'at-work'

export class WorkMarks {
  readonly #folderOf: (delivery: string) => string
  /** Deliveries whose turn has come or is awaited, with what says that the process was asked to stop. */
  readonly #asked = new Map<string, AbortSignal>()

  constructor(folderOf: (delivery: string) => string) {
    this.#folderOf = folderOf
  }

  /**
   * Does the work that a run of the delivery is, and takes its mark away however that ends, and as soon as the process is asked
   * to stop. `leavesMark`: says of an error that it is the death of what was at work.
   */
  async during<T>(
    delivery: string,
    asked: AbortSignal,
    work: () => Promise<T>,
    leavesMark: (error: unknown) => boolean,
  ): Promise<T> {
    const take = () => void this.take(delivery)
    asked.addEventListener('abort', take)
    this.#asked.set(delivery, asked)
    let left = false
    try {
      return await work()
    } catch (error) {
      left = leavesMark(error)
      throw error
    } finally {
      asked.removeEventListener('abort', take)
      this.#asked.delete(delivery)
      if (!left) await this.take(delivery)
    }
  }

  /** The turn of the delivery's run has come. */
  async set(delivery: string): Promise<void> {
    if (this.#asked.get(delivery)?.aborted === false) await this.leave(delivery)
  }

  /** Where it cannot be written, a death is not counted, which is no reason to apply nothing. */
  async leave(delivery: string): Promise<void> {
    await writeFile(this.#pathOf(delivery), '', { mode: privateFileMode }).catch(() => undefined)
  }

  async isSet(delivery: string): Promise<boolean> {
    return await access(this.#pathOf(delivery)).then(
      () => true,
      () => false,
    )
  }

  async take(delivery: string): Promise<void> {
    await rm(this.#pathOf(delivery), { force: true }).catch(() => undefined)
  }

  #pathOf(delivery: string): string {
    return join(this.#folderOf(delivery), markName)
  }
}
