/**
 * A fresh repository for each case: a folder of its own, or a schema of its own on a server.
 *
 * Initialising an embedded repository takes seconds, so it is done once and copied.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRepository, type RepositoryLocation } from '@sluice/project'
import type { Workplace } from './suite.ts'

export interface Workplaces extends AsyncDisposable {
  open(): Promise<Workplace & AsyncDisposable>
}

/** Workplaces on `database`: `pglite`, or the URL of a PostgreSQL server. */
export async function openWorkplaces(
  database: string,
  through: Workplace['through'] = 'process',
): Promise<Workplaces> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-conformance-'))
  const place = database === 'pglite' ? await folders(root) : schemas(database)
  return {
    async open() {
      const folder = await mkdtemp(join(root, 'case-'))
      const { location, clear } = await place(folder)
      return {
        folder,
        repository: location,
        through,
        [Symbol.asyncDispose]: async () => {
          await clear()
          await rm(folder, { recursive: true, force: true })
        },
      }
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

type Place = (
  folder: string,
) => Promise<{ readonly location: RepositoryLocation; readonly clear: () => Promise<void> }>

async function folders(root: string): Promise<Place> {
  const template = join(root, 'template')
  const repository = await openRepository({ kind: 'folder', path: template })
  await repository[Symbol.asyncDispose]()
  return async (folder) => {
    const path = join(folder, 'repository')
    await cp(template, path, { recursive: true })
    return { location: { kind: 'folder', path }, clear: () => Promise.resolve() }
  }
}

function schemas(url: string): Place {
  return async () => {
    const schema = `conformance_${randomUUID().replaceAll('-', '')}`
    const location: RepositoryLocation = { kind: 'postgres', url, schema }
    const clear = async () => {
      await using repository = await openRepository(location)
      await repository.database.session((session) => session.execute(`drop schema "${schema}" cascade`))
    }
    return { location, clear }
  }
}
