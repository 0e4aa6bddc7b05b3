/**
 * Names that stand in `sluice.yaml` and the files it includes, read as cheaply as can be: nobody waits for a completion.
 *
 * What is wrong with the files is `sluice check`'s to say; here it only means fewer names.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { glob } from 'tinyglobby'
import { parse } from 'yaml'
import type { NameKind } from './candidates.ts'

/** Where names of a kind stand. */
const sections: Readonly<Partial<Record<NameKind, readonly string[]>>> = {
  source: ['sources'],
  entityType: ['entityTypes'],
  association: ['associations'],
  job: ['jobs'],
  receiver: ['notifications', 'receivers'],
}

/** `path`: of the main file. */
export async function projectNames(path: string, kind: NameKind): Promise<readonly string[]> {
  const section = sections[kind]
  if (section === undefined) return []
  const main = await readYaml(path)
  const patterns = namesOf(below(main, ['include'])).filter((pattern) => typeof pattern === 'string')
  const included = await glob(patterns, { cwd: dirname(path), absolute: true, expandDirectories: false })
  const documents = [main, ...(await Promise.all(included.map((file) => readYaml(resolve(file)))))]
  return documents.flatMap((document) => {
    const named = below(document, section)
    return named === undefined || Array.isArray(named) ? [] : Object.keys(named)
  })
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'), { logLevel: 'silent', merge: true })
  } catch {
    return undefined
  }
}

function below(document: unknown, keys: readonly string[]): object | undefined {
  let at: unknown = document
  for (const key of keys) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  return typeof at === 'object' && at !== null ? at : undefined
}

function namesOf(list: object | undefined): readonly unknown[] {
  return Array.isArray(list) ? list : []
}
