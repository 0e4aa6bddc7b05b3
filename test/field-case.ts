/**
 * Begins cases of `field/`: files as they are found in the field.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '@sluice/model'
import type { Project, SyncOptions } from '../packages/project/src/index.ts'
import { projectOf, valuesOf } from '../packages/project/test/project-of.ts'

export const field = join(import.meta.dirname, 'field')

/** A case by its number, in a project of its own. */
export async function begin(number: string) {
  const name = (await readdir(field)).find((one) => one.startsWith(`${number}-`))
  if (name === undefined) throw new Error(`There is no case ${number}.`)
  const folder = join(field, name)
  const files: Record<string, Uint8Array> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) files[path.slice(folder.length + 1)] = await readFile(path)
  }
  const { 'sluice.yaml': configuration, ...data } = files
  const at = await projectOf({ configuration: new TextDecoder().decode(configuration), files: data })
  return {
    at,
    sync: (source: string, { folder: from, ...options }: SyncOptions = {}) =>
      at.project.sync(source, {
        ...options,
        ...(from === undefined ? {} : { folder: join(at.folder, from) }),
      }),
    /** The values of these properties in every resource, separated by blanks. */
    stored: async (type: string, ...properties: readonly string[]) =>
      await lines(at.project, type, properties),
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

async function lines(
  project: Project,
  type: string,
  properties: readonly string[],
): Promise<readonly string[]> {
  const rows = await valuesOf(project, type)
  return rows.map((values) => properties.map((name) => String(values[name] ?? '–')).join(' ')).sort()
}

/** `line: reason` of the rows that the run has rejected; the key where the line is not known. */
export async function rejected(project: Project, { run }: RunReport): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { line, key, reason } of project.repository.rejectedRows(run ?? 0))
    found.push(`${line ?? key}: ${reason}`)
  return found
}
