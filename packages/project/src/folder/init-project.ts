/**
 * Writes a small project that runs as it is, for `sluice init`.
 *
 * @module
 */
import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SluiceError } from '@sluice/model'
import { projectTemplate } from './project-template.ts'

/**
 * SLUICE-INIT-01: the folder holds files of the names a new project would write.
 *
 * Nothing was written. Give another folder, or move the named files away.
 */
export class ProjectFilesExistError extends SluiceError {
  readonly code = 'SLUICE-INIT-01'
  readonly blame = 'usage'
  readonly retry = false

  constructor(folder: string, existing: readonly string[]) {
    const which = existing.join(', ')
    super(`The folder ${folder} holds ${which} already. sluice init never overwrites files.`, {
      remedy: 'Name a new folder: sluice init NAME',
      details: { folder, existing },
    })
  }
}

export interface InitializedProject {
  /** Absolute. */
  readonly folder: string
  /** Relative to the folder, in the order of reading. */
  readonly written: readonly string[]
  /** Commands to type in the folder. */
  readonly next: readonly string[]
}

/** Writes the project into `folder`, which is made when it is not there; never overwrites a file. */
export async function initProject(folder: string): Promise<InitializedProject> {
  const root = resolve(folder)
  const files = projectTemplate(await locateSchema(root))
  const existing: string[] = []
  for (const path of files.keys()) if (await exists(join(root, path))) existing.push(path)
  // Many a folder is a git repository already; what it ignores is its owner's business.
  const conflicts = existing.filter((path) => path !== '.gitignore')
  if (conflicts.length > 0) throw new ProjectFilesExistError(root, conflicts)

  const missing = [...files].filter(([path]) => !existing.includes(path))
  for (const [path, text] of missing) {
    const target = join(root, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text, { flag: 'wx' })
  }
  return {
    folder: root,
    written: missing.map(([path]) => path),
    next: ['sluice check', 'sluice sync', 'sluice resources Person'],
  }
}

const schemaFile = 'sluice.schema.json'

/** Where editors find the JSON Schema: beside this code, as seen from the project. */
async function locateSchema(root: string): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url))
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'model', schemaFile)
    // npx without an installation runs from a cache that is gone tomorrow.
    if ((await exists(path)) && !path.includes(`${sep}_npx${sep}`)) {
      return relative(root, path).split(sep).join('/')
    }
  }
  return `node_modules/sluice/dist/model/${schemaFile}`
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
