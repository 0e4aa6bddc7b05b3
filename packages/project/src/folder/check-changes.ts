/**
 * What `sluice check` says of files of changes, which lie in a folder of their own.
 *
 * @module
 */
import { inspectHeader } from '@sluice/agent'
import { isAbsence } from '@sluice/connectors'
import {
  type Configuration,
  commandRoles,
  entityWithin,
  type Finding,
  findingCodes,
  lackingOfLinks,
  type Source,
  visibleText,
} from '@sluice/model'
import { checkCommands } from './check-commands.ts'
import { checkColumn, columnName, excuseOf, finding } from './file-findings.ts'
import type { LoadedConfiguration } from './load-configuration.ts'
import { type Mapped, type MappedOnce, usedColumns } from './used-columns.ts'

/** Of the file of these mappings; nothing where there is none, as mostly nothing has changed. */
export async function checkChanges(
  source: Source,
  mappings: MappedOnce,
  { placeOf }: LoadedConfiguration,
  configuration: Configuration,
): Promise<readonly Finding[]> {
  if (source.changesFolder === undefined) return []
  const [{ mapping, path }] = mappings
  const place = placeOf([...path, 'file'])
  const inspection = await inspectHeader(source, mapping, source.changesFolder)
  if (inspection.kind === 'unreadable') {
    const { error } = inspection
    if (isAbsence(error)) return []
    const options = { remedy: error.remedy, ...excuseOf(source, configuration) }
    return [finding(findingCodes.sourceFile, place, error.message, options)]
  }
  const { columns: header, file } = inspection
  const used = mappings.flatMap((mapped) => usedColumns(mapped))
  const roles = commandRoles(source, configuration.model, mapping.file)
  const commanded = roles.kind === 'commands' ? roles.commanded : undefined
  const wrong = mappings.flatMap((mapped) => checkColumns(mapped, { file, header, commanded, placeOf }))
  const names = new Set(used.map(({ column }) => columnName(column)))
  const unmapped = header.filter((column) => !names.has(columnName(column)))
  if (roles.kind === 'data' || !unmapped.some(roles.column.matches)) {
    const name = roles.kind === 'data' ? 'command' : roles.column.name
    const message = `${file} lies among files of changes, and has no column "${name}" that says what happened to each row.`
    const remedy =
      'Let the export write it, or name the column that holds commands: `commands: {column: Action}`.'
    return [...wrong, finding(findingCodes.commands, place, message, { remedy })]
  }
  const commands = checkCommands({ source, model: configuration.model, file: mapping.file, header, unmapped })
  return commands === undefined ? wrong : [...wrong, { ...commands, ...place }]
}

interface FileOfChanges {
  /** As reports name it. */
  readonly file: string
  readonly header: readonly string[]
  /** Name of the mapping that its rows are of. */
  readonly commanded: string | undefined
  readonly placeOf: LoadedConfiguration['placeOf']
}

/** That columns are missing is told; wrong it is only where nothing could be taken without one. */
function checkColumns(
  mapped: Mapped,
  { file, header, commanded, placeOf }: FileOfChanges,
): readonly Finding[] {
  const { mapping, path } = mapped
  const has = (column: string) => header.some((name) => columnName(name) === columnName(column))
  const lacking = lackingOf(mapping, has)
  const used = usedColumns(mapped)
  const twice = used.filter(({ column }) => has(column))
  const refused = lacking !== undefined && (!lacking.ofKey || commanded === mapping.name)
  const missing = used.filter(({ column }) => !has(column))
  const wrong = refused ? missing.filter(({ column }) => column === lacking.column) : []
  const findings = [...twice, ...wrong].flatMap(({ column, at }) =>
    checkColumn(file, header, column, placeOf(at)),
  )
  if (refused || missing.length === 0) return findings
  const list = [...new Set(missing.map(({ column }) => `"${visibleText(column)}"`))].join(', ')
  const message = `${file} has no ${missing.length === 1 ? 'column' : 'columns'} ${list}: of what ${mapping.name} reads there its changes say nothing.`
  const place = placeOf([...path, 'file'])
  return [...findings, finding(findingCodes.sourceColumn, place, message, { severity: 'note' })]
}

function lackingOf(mapping: Mapped['mapping'], has: (column: string) => boolean) {
  if ('association' in mapping) return lackingOfLinks(mapping, has)
  const within = entityWithin(mapping, has)
  return within.kind === 'lacking' ? within : undefined
}
