/**
 * What one types here to start this program: hints have to work where they are read.
 *
 * @module
 */
import { realpathSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path'

export interface Started {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** Paths of Node and of the file that it was started with. */
  readonly node: string
  readonly main: string
  /** Paths that `sluice` may lead to: what the package's `bin` names. */
  readonly entries: readonly string[]
}

/** `sluice` where the shell finds this one by that name, `npx sluice` where npm does, or else the way to the file. */
export function invocationOf(started: Started): string {
  const { environment, workingFolder, node, main } = started
  // npm puts its own folders into the path of what it starts.
  if (environment['npm_execpath'] !== undefined) return 'npx sluice'
  const path = (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  if (path.some((folder) => leadsHere(join(folder, 'sluice'), started))) return 'sluice'
  if (above(workingFolder).some((folder) => leadsHere(join(folder, localBin), started))) return 'npx sluice'
  return [node, main].map((file) => shown(file, workingFolder)).join(' ')
}

const localBin = join('node_modules', '.bin', 'sluice')

function leadsHere(link: string, { entries }: Started): boolean {
  const target = realPath(link)
  return target !== undefined && entries.some((entry) => realPath(entry) === target)
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function above(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...above(dirname(folder))]
}

/** As a shell takes it: the shorter of both ways, quoted where it has to be. */
function shown(file: string, workingFolder: string): string {
  const near = relative(workingFolder, file)
  const path = near.startsWith('..') ? file : `.${sep}${near}`
  return /^[\w./+@~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

/** The text, in which each call of `sluice` is written as `program`. What only looks like one, such as a path, is left alone. */
export function asTyped(text: string, program: string): string {
  return text.replaceAll(/(?<![\w./"@-]|npx )sluice(?= (?:--?)?[a-zA-Z])/g, () => program)
}
