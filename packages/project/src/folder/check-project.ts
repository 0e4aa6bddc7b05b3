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
import { isOpenToOthers, openSecretSentence } from '@sluice/files'
import {
  type Configuration,
  commandColumnOf,
  type Finding,
  findingCodes,
  isPattern,
  mappedTables,
  type Source,
} from '@sluice/model'
import { lookUpDefinitions } from '@sluice/repository'
import { checkChanges } from './check-changes.ts'
import { checkCommands } from './check-commands.ts'
import { checkDropped } from './check-dropped.ts'
import { checkGraphFiles } from './check-graph-files.ts'
import { checkColumn, columnName, excuseOf, finding } from './file-findings.ts'
import {
  type LoadedConfiguration,
  type LoadOptions,
  type ProjectPlace,
  type ProjectText,
  readProject,
} from './load-configuration.ts'
import { type MappedOnce, mappingsByFile, usedColumns } from './used-columns.ts'

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
    if (source.marker !== undefined || mappedTables(source).some(({ maxAge }) => maxAge !== undefined))
      ofFiles.push(...(await checkDropped(source, configuration, placeOf)))
    if (source.graph !== undefined) {
      ofFiles.push(...(await checkGraphFiles(source, source.graph, { ...loaded, configuration })))
      continue
    }
    for (const mappings of mappingsByFile(source))
      ofFiles.push(
        ...(await checkFile(source, mappings, loaded, configuration)),
        ...(await checkChanges(source, mappings, loaded, configuration)),
      )
  }
  return { configuration, findings: [...findings, ...ofFiles], placeOf }
}

/**
 * Most projects are checked without their repository. Only where all that is wrong is that sources are named which no file defines, it
 * is asked whether it does; where it cannot be, they are wrong.
 */
async function loadWithStored(project: ProjectText): Promise<LoadedConfiguration> {
  const loaded = await project.parse()
  const { place } = project
  if (loaded.configuration !== undefined || place === undefined || place.agent.server !== undefined)
    return loaded
  if ((await project.parse({ stored: 'unknown' })).configuration === undefined) return loaded
  const stored = await lookUpDefinitions(place.repository).catch(() => undefined)
  return stored === undefined ? loaded : await project.parse({ stored })
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
    if (error === undefined) {
      if (key === 'tokenFile' && (await isOpenToOthers(path)))
        findings.push(
          finding(findingCodes.exposed, placeOf(['agent', key]), openSecretSentence('token', path), {
            severity: 'warning',
            remedy: `chmod 600 ${path}`,
          }),
        )
      continue
    }
    const { message, remedy } = error
    findings.push(finding(findingCodes.unreadable, placeOf(['agent', key]), message, { remedy }))
  }
  return findings
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
  // A pattern stands for the file that was found.
  const file = isPattern(mapping.file) ? inspection.file : mapping.file
  const used = mappings.flatMap((mapped) => usedColumns(mapped))
  const wrong = used.flatMap(({ column, at }) => checkColumn(file, header, column, placeOf(at)))
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
  const message = `${file} has ${unmapped.length === 1 ? 'a column that is' : 'columns that are'} not mapped: ${list}.`
  return [...wrong, finding(findingCodes.unmappedColumn, place, message, { severity: 'note' })]
}
