/**
 * The project of the load part: twenty sources with a type each, and what their agents have prepared twice.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { prepareSource } from '@sluice/agent'
import type { Configuration } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import { requireConfiguration } from '@sluice/project'
import { generatedColumns, generateRows } from './generate.ts'

export interface LoadProject {
  readonly folder: string
  readonly sources: readonly string[]
  readonly types: readonly string[]
  /** By source: the first load, and the same with one row in a hundred changed. */
  readonly first: ReadonlyMap<string, Prepared>
  readonly second: ReadonlyMap<string, Prepared>
}

interface LoadProjectOptions {
  readonly folder: string
  readonly url: string
  readonly schema: string
  readonly sources: number
  /** Of each source. */
  readonly rows: number
  /** Properties that have an index in their order. */
  readonly indexed?: readonly string[] | undefined
}

export async function createLoadProject(of: LoadProjectOptions): Promise<LoadProject> {
  const { folder, rows } = of
  const numbers = Array.from({ length: of.sources }, (_, index) => index + 1)
  const sources = numbers.map((number) => `s${number}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'sluice.yaml'), textOf(of, numbers))
  const configuration = await requireConfiguration(join(folder, 'sluice.yaml'))
  const versions = []
  for (const version of [1, 2] as const) {
    await generateRows(join(folder, 'people.csv'), rows, { version })
    versions.push(await prepareAll(configuration, join(folder, `prepared-${version}`)))
  }
  const [first = new Map(), second = new Map()] = versions
  return { folder, sources, types: numbers.map((number) => `Type${number}`), first, second }
}

/** Nobody is limited: what is measured is the server and not its limits. */
function textOf({ url, schema, indexed = [] }: LoadProjectOptions, numbers: readonly number[]): string {
  const properties = generatedColumns
    .map((name) => `${name}: ${indexed.includes(name) ? '{ type: string, indexed: true }' : 'string'}`)
    .join(', ')
  const columns = generatedColumns.map((name) => `${name}: ${name}`).join(', ')
  return [
    `repository: { url: ${JSON.stringify(url)}, schema: ${schema} }`,
    'server: { limits: { requestsPerMinute: 1000000, connectionsPerAddress: 400 } }',
    'entityTypes:',
    ...numbers.map((number) => `  Type${number}: { display: last_name, properties: { ${properties} } }`),
    'sources:',
    ...numbers.map(
      (number) =>
        `  s${number}: { folder: ., entities: { Type${number}: { file: people.csv, key: id, properties: { ${columns} } } } }`,
    ),
    '',
  ].join('\n')
}

async function prepareAll(
  { sources, model, prepare: settings }: Configuration,
  place: string,
): Promise<ReadonlyMap<string, Prepared>> {
  const all = new Map<string, Prepared>()
  for (const [name, source] of sources) {
    const folder = join(place, name)
    all.set(name, await prepareSource({ source, model, mode: 'complete', folder, settings }))
  }
  return all
}
