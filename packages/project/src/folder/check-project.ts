/**
 * Checks a project without doing anything: its configuration, the headers of the files it maps, and that the files are
 * there by which it reaches a server.
 *
 * What would stop a run halfway, a column that an export has renamed, is reported here with the place in
 * the configuration that names it.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { inspectHeader, UnreadableServerFileError } from '@sluice/agent'
import {
  type AssociationMapping,
  type Configuration,
  columnsRead,
  commandColumnOf,
  type EntityMapping,
  type Finding,
  findingCodes,
  namingColumns,
  type PropertyMapping,
  type Source,
} from '@sluice/model'
import { lookUpDefinitions } from '@sluice/repository'
import { checkCommands } from './check-commands.ts'
import { checkGraphFiles } from './check-graph-files.ts'
import { checkColumn, columnName, excuseOf, finding } from './file-findings.ts'
import {
  type LoadedConfiguration,
  type LoadOptions,
  type ProjectPlace,
  type ProjectText,
  readProject,
} from './load-configuration.ts'

export interface CheckedProject {
  /** Absent when a finding of the configuration itself is an error. */
  readonly configuration?: Configuration
  readonly findings: readonly Finding[]
  /** Where a part of the configuration stands. */
  readonly placeOf: LoadedConfiguration['placeOf']
}

/** Findings of the configuration, then, when it holds no errors, of the files it names. */
export async function checkProject(of: ProjectPlace, options: LoadOptions = {}): Promise<CheckedProject> {
  const loaded = await loadWithStored(await readProject(of, options))
  const { configuration, findings, placeOf } = loaded
  if (configuration === undefined) return { findings, placeOf }
  const ofFiles: Finding[] = [...(await checkServerFiles(loaded, configuration))]
  for (const source of configuration.sources.values()) {
    if (source.table === true) continue
    if (source.graph !== undefined) {
      ofFiles.push(...(await checkGraphFiles(source, source.graph, { ...loaded, configuration })))
      continue
    }
    for (const mappings of mappingsByFile(source))
      ofFiles.push(...(await checkFile(source, mappings, loaded, configuration)))
  }
  return { configuration, findings: [...findings, ...ofFiles], placeOf }
}

/**
 * Most projects are checked without their repository. Only where all that is wrong is that sources are named which no file defines, it
 * is asked whether it does; where it cannot be, they are wrong.
 */
async function loadWithStored(project: ProjectText): Promise<LoadedConfiguration> {
  const loaded = project.parse()
  const { place } = project
  if (loaded.configuration !== undefined || place === undefined || place.agent.server !== undefined)
    return loaded
  if (project.parse({ stored: 'unknown' }).configuration === undefined) return loaded
  const stored = await lookUpDefinitions(place.repository).catch(() => undefined)
  return stored === undefined ? loaded : project.parse({ stored })
}

/** What an agent needs in order to be let in. */
async function checkServerFiles(
  { placeOf }: LoadedConfiguration,
  { agent }: Configuration,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const key of ['tokenFile', 'certificateAuthority'] as const) {
    const path = agent[key]
    if (path === undefined) continue
    const error = await readFile(path).then(
      () => undefined,
      (cause: unknown) => new UnreadableServerFileError(path, cause),
    )
    if (error === undefined) continue
    const { message, remedy } = error
    findings.push(finding(findingCodes.unreadable, placeOf(['agent', key]), message, { remedy }))
  }
  return findings
}

interface Mapped {
  readonly mapping: EntityMapping | AssociationMapping
  /** Where the mapping stands in the configuration. */
  readonly path: readonly string[]
}
type MappedOnce = readonly [Mapped, ...Mapped[]]

function mappingsByFile(source: Source): readonly MappedOnce[] {
  const at = ['sources', source.name]
  const all = [
    ...source.entities.map((mapping) => ({ mapping, path: [...at, 'entities', mapping.name] })),
    ...source.associations.map((mapping) => ({ mapping, path: [...at, 'associations', mapping.name] })),
  ]
  const files = new Map<string, MappedOnce>()
  for (const mapped of all) {
    const { file } = mapped.mapping
    files.set(file, [...(files.get(file) ?? []), mapped])
  }
  return [...files.values()]
}

async function checkFile(
  source: Source,
  mappings: MappedOnce,
  { placeOf }: LoadedConfiguration,
  configuration: Configuration,
): Promise<readonly Finding[]> {
  const [{ mapping, path }] = mappings
  const place = placeOf([...path, 'file'])
  const inspection = await inspectHeader(source, mapping)
  if (inspection.kind === 'unreadable') {
    const { message, remedy } = inspection.error
    const options = { remedy, ...excuseOf(source, configuration) }
    return [finding(findingCodes.sourceFile, place, message, options)]
  }
  const header = inspection.columns
  const used = mappings.flatMap((mapped) => columnsOf(mapped))
  const wrong = used.flatMap(({ column, at }) => checkColumn(mapping.file, header, column, placeOf(at)))
  const names = new Set(used.map(({ column }) => columnName(column)))
  const others = header.filter((column) => !names.has(columnName(column)))
  const facts = { source, model: configuration.model, file: mapping.file, header, unmapped: others }
  const commands = checkCommands(facts)
  if (commands !== undefined) wrong.push({ ...commands, ...place })
  const unmapped =
    commands === undefined
      ? others
      : others.filter((column) => !commandColumnOf(source, mapping.file).matches(column))
  if (unmapped.length === 0) return wrong
  const list = unmapped.map((column) => `"${column}"`).join(', ')
  const message = `${mapping.file} has ${unmapped.length === 1 ? 'a column that is' : 'columns that are'} not mapped: ${list}.`
  return [...wrong, finding(findingCodes.unmappedColumn, place, message, { severity: 'note' })]
}

interface UsedColumn {
  readonly column: string
  readonly at: readonly string[]
}

function columnsOf({ mapping, path }: Mapped): readonly UsedColumn[] {
  const ends =
    'association' in mapping
      ? (['from', 'to'] as const).map((end) => ({
          end: mapping[end],
          at: [...path, end],
        }))
      : []
  const where = (mapping.where?.columns ?? []).map((column) => ({ column, at: [...path, 'where'] }))
  return [
    ...ends.flatMap(({ end, at }) => shapedColumns(end, at)),
    ...where,
    ...mapping.properties.flatMap((property) => propertyColumns(property, path)),
  ]
}

function propertyColumns(property: PropertyMapping, path: readonly string[]): readonly UsedColumn[] {
  const at = [...path, 'properties', property.property]
  const keys = ['fileNameColumn', 'mediaTypeColumn'] as const
  const beside = keys.flatMap((key) => {
    const column = property[key]
    return column === undefined ? [] : [{ column, at: [...at, key] }]
  })
  if (property.parts === undefined) return [...shapedColumns(property, at), ...beside]
  return [...namingColumns(property).map((column) => ({ column, at: [...at, 'columns'] })), ...beside]
}

const keyOfOrigin = { column: 'column', join: 'columns', expression: 'expression', value: 'value' } as const

function shapedColumns(
  of: Pick<PropertyMapping, 'column' | 'shape'>,
  at: readonly string[],
): readonly UsedColumn[] {
  const key = keyOfOrigin[of.shape?.origin.kind ?? 'column']
  return columnsRead(of).map((column) => ({ column, at: [...at, key] }))
}
