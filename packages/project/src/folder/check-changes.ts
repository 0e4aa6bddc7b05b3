/**
 * What `sluice check` says of files of changes, which lie in a folder of their own.
 *
 * @module
 */
import { inspectHeader } from '@sluice/agent'
import { isAbsence } from '@sluice/connectors'
import { type Configuration, commandRoles, type Finding, findingCodes, type Source } from '@sluice/model'
import { checkCommands } from './check-commands.ts'
import { checkColumn, columnName, excuseOf, finding } from './file-findings.ts'
import type { LoadedConfiguration } from './load-configuration.ts'
import { type MappedOnce, usedColumns } from './used-columns.ts'

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
  const wrong = used.flatMap(({ column, at }) => checkColumn(file, header, column, placeOf(at)))
  const names = new Set(used.map(({ column }) => columnName(column)))
  const unmapped = header.filter((column) => !names.has(columnName(column)))
  const roles = commandRoles(source, configuration.model, mapping.file)
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
