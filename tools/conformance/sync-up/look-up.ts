/**
 * Reads what the product holds, in the form in which the cases expect it.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '@sluice/project'
import type { CaseType } from './case-config.ts'
import type { CaseHarness } from './case-harness.ts'
import { withoutTrailingLines, writeCsv } from './csv-text.ts'
import type { Counter } from './read-line.ts'

/** The agent's file `MAPPING.suffix`, as it lies in the folder it was last prepared into. */
export async function preparedFile({ names, preparedFolders }: CaseHarness, file: string): Promise<string> {
  const [, mapping = file, suffix = ''] =
    /^(.*)\.((?:sorted|duplicates|nullpk)\.csv|sorted\.delta)$/.exec(file) ?? []
  const legalName = names.entityType(mapping) || names.association(mapping)
  for (const folder of [...preparedFolders].reverse()) {
    const text = await readFile(join(folder, `${legalName}.${suffix}`), 'utf8').catch(() => undefined)
    if (text !== undefined) return withoutTrailingLines(text)
  }
  return 'no such file'
}

/** The file with which the agent compares the next incremental. */
export async function referenceFile(harness: CaseHarness, mapping: string): Promise<string> {
  const text = await readFile(harness.referencePath(mapping), 'utf8').catch(() => undefined)
  return text === undefined ? 'no such file' : withoutTrailingLines(text)
}

/** All resources of an entity type; `header` tells mappings apart when several connectors map the type. */
export async function resourcesOf(harness: CaseHarness, entityType: string, header: string): Promise<string> {
  const mappings = mappingsOf(harness, entityType)
  const mapping = mappings.find(({ columns }) => writeCsv([columns]) === header) ?? mappings[0]
  if (mapping === undefined) return `no mapping of ${entityType}`
  const { columns, pk } = mapping
  const rows: { readonly key: string; readonly row: readonly string[] }[] = []
  const { names, repository } = harness
  for await (const { values } of repository.resources(names.entityType(entityType))) {
    const value = (column: string) => textOf(values[names.property(entityType, column)])
    rows.push({ key: value(pk), row: columns.map(value) })
  }
  // Resources come by age, and sorting keeps it among equal keys.
  rows.sort((a, b) => ordinal(a.key, b.key))
  return writeCsv([columns, ...rows.map(({ row }) => row)])
}

/** All links of an association, by the primary keys of their ends. */
export async function linksOf(harness: CaseHarness, association: string): Promise<string> {
  const config = Object.values(harness.config)
    .map(({ assocs }) => assocs[association])
    .find((found) => found !== undefined)
  if (config === undefined) return `no mapping of ${association}`
  const { type1, type2 } = config
  const keys1 = await keysById(harness, type1)
  const keys2 = type1 === type2 ? keys1 : await keysById(harness, type2)
  // Two sources may assert the same link; the cases know each link once.
  const links = new Map<string, readonly [string, string]>()
  for await (const { fromId, toId } of harness.repository.links(harness.names.association(association))) {
    links.set(`${fromId} ${toId}`, [keys1.get(fromId) ?? `id ${fromId}`, keys2.get(toId) ?? `id ${toId}`])
  }
  const rows = [...links.values()].sort(([a1, a2], [b1, b2]) => ordinal(a1, b1) || ordinal(a2, b2))
  return writeCsv([[type1, type2], ...rows])
}

async function keysById(harness: CaseHarness, entityType: string): Promise<ReadonlyMap<string, string>> {
  const { names, repository } = harness
  const pk = mappingsOf(harness, entityType)[0]?.pk
  const keys = new Map<string, string>()
  if (pk === undefined) return keys
  for await (const { resourceId, values } of repository.resources(names.entityType(entityType))) {
    keys.set(resourceId, textOf(values[names.property(entityType, pk)]))
  }
  return keys
}

/** What a run counted, in the counters of the cases. */
export function countersOf({ entities, associations }: RunReport): Readonly<Record<Counter, number>> {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  return {
    Inserted: sum(entities.map(({ changes }) => changes.inserted)),
    Updated: sum(entities.map(({ changes }) => changes.updated)),
    Deleted: sum(entities.map(({ changes }) => changes.deleted)),
    LinkInserted: sum(associations.map(({ changes }) => changes.inserted)),
    LinkDeleted: sum(associations.map(({ changes }) => changes.deleted)),
    Orphans: sum(associations.map(({ rows }) => rows?.orphan ?? 0)),
  }
}

function mappingsOf({ config }: CaseHarness, entityType: string): readonly CaseType[] {
  return Object.values(config)
    .map(({ types }) => types[entityType])
    .filter((found) => found !== undefined)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** By UTF-16 code unit, which is how JavaScript compares. */
function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
