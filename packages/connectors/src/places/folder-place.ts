/**
 * Files of a folder on this machine, or of one that is mounted here.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Place, PlacedFile } from './place.ts'
import { refuseChanged } from './unchanged.ts'

export async function openFolder(path: string): Promise<Place> {
  const found = await stat(path).catch((error: unknown) => {
    throw failureOf(path, error)
  })
  if (!found.isDirectory())
    throw new ManagedSystemError(`${path} is no folder.`, {
      remedy: 'Name the folder, and the file below path.',
    })
  return new FolderPlace(path)
}

class FolderPlace implements Place {
  readonly name: string
  readonly facts: Readonly<Record<string, string>>

  constructor(path: string) {
    this.name = path
    this.facts = { folder: path }
  }

  async list(folder: string): Promise<readonly PlacedFile[]> {
    const names = await readdir(this.pathOf(folder)).catch((error: unknown) => {
      if (isMissing(error)) return []
      throw failureOf(this.pathOf(folder), error)
    })
    const found = await Promise.all(names.sort().map((name) => this.find(`${folder}${name}`)))
    return found.filter((file) => file !== undefined)
  }

  async find(name: string): Promise<PlacedFile | undefined> {
    try {
      const found = await stat(this.pathOf(name))
      const { mtimeMs, size } = found
      return found.isFile() ? { name, size, modified: mtimeMs, version: `${size}-${mtimeMs}` } : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw failureOf(this.pathOf(name), error)
    }
  }

  pathOf(name: string): string {
    const path = resolve(this.name, name)
    if (path !== this.name && !path.startsWith(`${this.name}${sep}`.replace(/[\\/]+$/, sep)))
      throw new ManagedSystemError(`${name} leads out of ${this.name}.`, {
        remedy: 'Name a folder above as from.',
      })
    return path
  }

  async *read(file: PlacedFile): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* createReadStream(join(this.name, file.name), { highWaterMark: 256 * 1024 })
    } catch (error) {
      throw failureOf(this.pathOf(file.name), error)
    }
    refuseChanged(this.name, file, await this.find(file.name))
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

function failureOf(path: string, error: unknown): ManagedSystemError {
  if (error instanceof ManagedSystemError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT')
    return new ManagedSystemError(`There is no folder ${path}.`, { remedy: 'Look at from.', cause: error })
  const may = code === 'EACCES' || code === 'EPERM'
  const why = error instanceof Error ? error.message : String(error)
  return new ManagedSystemError(may ? `${path} may not be read.` : `${path} cannot be read: ${why}.`, {
    remedy: may ? 'Give the user of this process the right to read it.' : undefined,
    cause: error,
  })
}
