/**
 * What PGlite has written and the disk may not hold yet.
 *
 * PGlite leaves every write to the operating system and never asks for it to reach the disk. The first time everything is synced: what a process
 * before this one has left to the operating system is not known. From then on it is what was written since, some dozens of a thousand files.
 *
 * Done here and not by `@sluice/files`: blocking takes a third of the time (a thousand files: 30 ms), and the thread loads as little as it can.
 *
 * @module
 */
import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** Operations of PGlite's file system that change a file or a folder. */
export const changing = ['write', 'setattr', 'mknod', 'rename', 'unlink', 'rmdir', 'symlink'] as const

export type ChangingOperation = (typeof changing)[number]

/** A file or folder as PGlite's file system has it; it stays the same when it is renamed. */
type FileNode = object

export class UnsyncedFiles {
  readonly #folder: string
  readonly #realPath: (node: FileNode) => string
  readonly #changed = new Set<FileNode>()
  #isFirst = true

  /** @param realPath Where a file or folder lies now. */
  constructor(folder: string, realPath: (node: FileNode) => string) {
    this.#folder = folder
    this.#realPath = realPath
  }

  /** After an operation of PGlite's file system with these arguments. */
  note(operation: ChangingOperation, of: readonly unknown[], result: unknown): void {
    for (const node of changedBy[operation](of, result))
      if (typeof node === 'object' && node !== null) this.#changed.add(node)
  }

  /** All of it is on the disk when this returns. */
  sync(): void {
    if (this.#isFirst) syncAll(this.#folder)
    else for (const node of this.#changed) syncWhatIsThere(this.#realPath(node))
    this.#isFirst = false
    this.#changed.clear()
  }
}

/** Of a file itself, and of the folder that holds a name which comes, goes or changes. */
const changedBy: Readonly<
  Record<ChangingOperation, (of: readonly unknown[], result: unknown) => readonly unknown[]>
> = {
  write: ([stream]) => [partOf(stream, 'node')],
  // Of a file that is open, or by its name.
  setattr: ([target]) => [partOf(target, 'node') ?? target],
  mknod: ([folder], made) => [folder, made],
  rename: ([node, folder]) => [node, partOf(node, 'parent'), folder],
  unlink: ([folder]) => [folder],
  rmdir: ([folder]) => [folder],
  symlink: ([folder], made) => [folder, made],
}

function partOf(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}

function syncAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) syncAll(path)
    else if (entry.isFile()) syncFile(path)
  }
  syncNames(folder)
}

/** What was removed since has nothing to reach the disk but that it is gone, which its folder holds. */
function syncWhatIsThere(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) syncNames(path)
  else if (found?.isFile()) syncFile(path)
}

function syncFile(path: string): void {
  syncPath(path, 'r+')
}

function syncNames(folder: string): void {
  // Windows has no sync of a folder.
  if (process.platform !== 'win32') syncPath(folder, 'r')
}

function syncPath(path: string, flags: string): void {
  const file = openSync(path, flags)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
