/**
 * Writes a connector to begin with: a manifest or a module, a small system, and tests that run against it.
 *
 * @module
 */
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface NewConnector {
  /** Lower case, with dashes. */
  readonly name: string
  /** A module in place of a manifest. */
  readonly code: boolean
}

export interface WrittenConnector {
  /** From the project on. */
  readonly folder: string
  readonly files: readonly string[]
}

/** Below `connectors/` of the project; `undefined` where such a folder is there: nothing is written over. */
export async function writeNewConnector(
  project: string,
  { name, code }: NewConnector,
): Promise<WrittenConnector | undefined> {
  const folder = `connectors/${name}`
  const path = join(project, folder)
  if (await exists(path)) return undefined
  const files = [code ? 'connector.mjs' : 'connector.yaml', 'system.mjs', 'contract.test.mjs']
  await mkdir(path, { recursive: true })
  for (const file of files)
    await writeFile(join(path, file), await textOf(file, { name, code }), { flag: 'wx' })
  return { folder, files }
}

/** That the contract is about whole exports that begin again, a manifest has to be told. */
const optionsOfTests = ', limits: { attempts: 1, concurrent: 1 }'

async function textOf(file: string, { name, code }: NewConnector): Promise<string> {
  const template = new URL(
    `./connector-template/${file}${file.endsWith('.mjs') ? '.txt' : ''}`,
    import.meta.url,
  )
  const text = await readFile(template, 'utf8')
  return text
    .replaceAll('NAME_TOKEN', `${name.toUpperCase().replaceAll('-', '_')}_TOKEN`)
    .replaceAll('NAME', name)
    .replaceAll('OPTIONS', code ? '' : optionsOfTests)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
