/**
 * The folder below which a run of the tests writes everything.
 *
 * It lies in memory where the machine offers that and has room: an embedded repository is a thousand small files, and
 * every schema of a server a hundred, which a disk takes ten times as long to make and to remove.
 *
 * @module
 */
import { access, constants, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'sluice-test-'
/** Of Linux. */
const memory = '/dev/shm'
/** A run takes half a gigabyte at most; the workers need some, too. */
const enough = 4 * 1024 ** 3

export async function makeTestFolder(): Promise<string> {
  const parent = (await hasRoom()) ? memory : tmpdir()
  await removeAbandoned(parent)
  return await mkdtemp(join(parent, `${prefix}${process.pid}-`))
}

async function hasRoom(): Promise<boolean> {
  try {
    await access(memory, constants.W_OK)
    const { bavail, bsize } = await statfs(memory)
    return Math.min(bavail * bsize, process.availableMemory()) >= enough
  } catch {
    return false
  }
}

/** A run that was killed could not clear away what it had made, and in memory that would cost most. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // There is one, of somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
