/**
 * Folders for what is needed for a moment, made when something is: where nothing is, nothing has to be writable.
 *
 * They are made in the temporary folder of the system, and where that cannot be written, as in a container with a read-only file system, in the
 * work folder of the project.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePrivateFolder } from './private-folder.ts'

let workFolder: string | undefined

/** Names the folder that is used where the system's cannot be: that of the project that this process works on. */
export function setTemporaryFallback(folder: string): void {
  workFolder = folder
}

/** A new folder. Throws what keeps the system's from being made where the work folder, too, cannot be written. */
async function makeFolder(name: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), name))
  } catch (error) {
    if (workFolder === undefined) throw error
    const folder = workFolder
    // By this name it is swept when its process died.
    const made = makePrivateFolder(folder).then(() => mkdtemp(join(folder, `plan-${name}`)))
    return await made.catch(() => {
      throw error
    })
  }
}

export class TemporaryFolder implements AsyncDisposable {
  readonly #name: string
  #made: Promise<string> | undefined

  /** @param name How its name begins: `sluice-header-`. */
  constructor(name: string) {
    this.#name = name
  }

  path(): Promise<string> {
    this.#made ??= makeFolder(this.#name)
    return this.#made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const made = await this.#made?.catch(() => undefined)
    if (made !== undefined) await rm(made, { recursive: true, force: true })
  }
}
