/**
 * The files of a lock: `<folder>/<name>.<generation>`, one for each process that has or had it.
 *
 * Nothing is asked of the file system but that of two who create the same name only one succeeds: no hard links, no
 * clocks. Everything is done at once and not in turns with other work, so that nothing comes between looking and writing.
 *
 * @module
 */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DiskFullError, isDiskFull } from './disk-full.ts'
import { LockFileError } from './lock-errors.ts'
import { decodeHolder, encodeHolder, type LockHolder } from './lock-holder.ts'
import { privateFileMode, privateFolderMode } from './private-folder.ts'
import { readHead } from './read-head.ts'

export interface LockFile {
  readonly path: string
  readonly generation: number
  readonly text: string
  /** `undefined`: not written yet, or broken by hand. */
  readonly holder: LockHolder | undefined
}

/** What a process has that created a lock file. It may be handed to a thread. */
export interface LockClaim {
  readonly folder: string
  readonly name: string
  readonly generation: number
  readonly holder: LockHolder
}

export function pathOf({ folder, name, generation }: Omit<LockClaim, 'holder'>): string {
  return join(folder, `${name}.${generation}`)
}

/** Those of every generation. Throws `LockFileError` where the folder or one of them cannot be read. */
export function lockFiles(folder: string, name: string): readonly LockFile[] {
  return orLockError(folder, () =>
    generationsOf(folder, name).flatMap((generation) => {
      const path = pathOf({ folder, name, generation })
      const text = textOf(path)
      // Gone since the folder was listed.
      return text === undefined ? [] : [{ path, generation, text, holder: decodeHolder(text) }]
    }),
  )
}

/** `false`: somebody else has created it in the same instant. */
export function createLockFile(claim: LockClaim): boolean {
  const path = pathOf(claim)
  return orLockError(path, () => {
    const file = openUnlessThere(path)
    if (file === undefined) return false
    try {
      writeSync(file, encodeHolder(claim.holder))
    } catch (error) {
      // Empty, it would be taken for that of somebody who is still writing it.
      rmSync(path, { force: true })
      throw error
    } finally {
      closeSync(file)
    }
    return true
  })
}

/**
 * Says that the holder lives, and looks whether the lock is still its. `false`: another one has taken it over.
 *
 * In this order: who takes over writes first and looks then, too, so that one of the two sees the other.
 */
export function renewLockFile(claim: LockClaim): boolean {
  const path = pathOf(claim)
  if (!isOwn(path, claim.holder)) return false
  overwrite(path, encodeHolder({ ...claim.holder, beatAt: new Date().toISOString() }))
  // Somebody who looked too early creates a file, too, sees now that we live, and steps back.
  for (let looks = 0; looks < 10 && hasLater(claim); looks += 1) pause(20)
  return isOwn(path, claim.holder) && !hasLater(claim)
}

function hasLater({ folder, name, generation }: LockClaim): boolean {
  return generationsOf(folder, name).some((other) => other > generation)
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** A folder that is there when this returns. Throws `LockFileError` and `DiskFullError`. */
export function makeLockFolder(folder: string): void {
  orLockError(folder, () => mkdirSync(folder, { recursive: true, mode: privateFolderMode }))
}

export function removeDeadLock(path: string): void {
  orLockError(path, () => rmSync(path, { force: true }))
}

/** Nothing is removed that has come to be another one's. */
export function removeLockFile(claim: LockClaim): void {
  const path = pathOf(claim)
  if (isOwn(path, claim.holder)) rmSync(path, { force: true })
}

function isOwn(path: string, { id }: LockHolder): boolean {
  return decodeHolder(textOf(path) ?? '')?.id === id
}

function overwrite(path: string, text: string): void {
  // In place and of the same length: it needs no room on a full disk, and never makes a file that was removed anew.
  const file = openSync(path, 'r+')
  try {
    writeSync(file, text, 0)
  } finally {
    closeSync(file)
  }
}

function generationsOf(folder: string, name: string): readonly number[] {
  const beginning = `${name}.`
  return readdirSync(folder)
    .filter((entry) => entry.startsWith(beginning) && /^\d+$/.test(entry.slice(beginning.length)))
    .map((entry) => Number(entry.slice(beginning.length)))
}

function textOf(path: string): string | undefined {
  try {
    return readHead(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function openUnlessThere(path: string): number | undefined {
  try {
    return openSync(path, 'wx', privateFileMode)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined
    throw error
  }
}

function orLockError<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isDiskFull(error)) throw new DiskFullError(dirname(path), error)
    throw codeOf(error) === undefined ? error : new LockFileError(path, error)
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined
}
