/**
 * A folder for what is needed for a moment, made when something is: where nothing is, nothing has to be writable.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class TemporaryFolder implements AsyncDisposable {
  readonly #name: string
  #made: Promise<string> | undefined

  /** @param name How its name begins: `sluice-header-`. */
  constructor(name: string) {
    this.#name = name
  }

  path(): Promise<string> {
    this.#made ??= mkdtemp(join(tmpdir(), this.#name))
    return this.#made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const made = await this.#made?.catch(() => undefined)
    if (made !== undefined) await rm(made, { recursive: true, force: true })
  }
}
