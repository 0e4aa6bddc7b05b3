/**
 * Where `sluice.yaml` is looked for: in a folder, and then in those above it, as git does.
 *
 * @module
 */
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

/** What a project's main file is called. */
export const projectFile = 'sluice.yaml'

export interface FoundProject {
  /** The folder that holds the file; the one where the search began, when none does. */
  readonly folder: string
  /** The file was found above the folder, and belongs to another user; it must not be used unasked, for it names programs to run. */
  readonly ofAnother: boolean
}

/** `folder` is absolute. Of files above it, only one of this user or of root is used: whoever may write into `/tmp` shall not choose what runs. */
export function findProject(folder: string): FoundProject {
  for (let at = folder; ; at = dirname(at)) {
    const owner = ownerOf(join(at, projectFile))
    if (owner !== undefined) return { folder: at, ofAnother: at !== folder && !trusted(owner) }
    if (at === dirname(at)) return { folder, ofAnother: false }
  }
}

/** `undefined`: there is no such file, or none to be seen. */
function ownerOf(path: string): number | undefined {
  try {
    const found = statSync(path)
    return found.isFile() ? found.uid : undefined
  } catch {
    return undefined
  }
}

/** Windows has no such owners. */
function trusted(owner: number): boolean {
  return process.getuid === undefined || owner === process.getuid() || owner === 0
}
