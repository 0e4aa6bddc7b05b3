/**
 * A project of a few lines on a database of its own, for tests of whole ways: configuration and source files in, what is stored out.
 *
 * @module
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { type DatabaseKind, migratedLocation } from '../../../test/databases.ts'
import { openLocalProject } from '../src/open/open-project.ts'
import type { Project } from '../src/open/project.ts'

export interface ProjectFiles {
  /** `sluice.yaml` without its repository. */
  readonly configuration: string
  /** Contents by path, from the project's folder on. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
}

/** What it writes is gone when the test is. */
export async function projectOf(
  { configuration, files }: ProjectFiles,
  database: DatabaseKind = 'postgres-18',
) {
  const place = await migratedLocation(database)
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const { url, schema } = place.location
  const folder = await mkdtemp(join(tmpdir(), 'sluice-project-'))
  const write = async (contents: ProjectFiles['files']) => {
    for (const [path, content] of Object.entries(contents)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
  }
  const configure = (text: string) =>
    write({ 'sluice.yaml': `repository: {url: "${url}", schema: ${schema}}\n${text}` })
  await configure(configuration)
  await write(files)
  let project = await openLocalProject(folder)
  const rows = async (text: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` })
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
  return {
    folder,
    /** As it was configured last. */
    get project(): Project {
      return project
    },
    write,
    /** Behind the project's back. */
    async execute(text: string): Promise<void> {
      await rows(text)
    },
    /** What a query of somebody else finds. */
    rows,
    /** Edits the configuration and opens the project anew. */
    async reconfigure(edit: (configuration: string) => string, allowLoss = false): Promise<void> {
      await project[Symbol.asyncDispose]()
      await configure(edit(configuration))
      project = await openLocalProject(folder, { allowLoss })
    },
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The values of every stored resource of a type. */
export async function valuesOf(project: Project, entityType: string) {
  const found: Readonly<Record<string, unknown>>[] = []
  for await (const { values } of project.repository.resources(entityType)) found.push(values)
  return found
}
