/**
 * What `sluice check` says of a file with a column of commands: on what they would act, as far as the header tells.
 *
 * @module
 */
import {
  commandRoles,
  commandsDetected,
  type EntityModel,
  type Finding,
  findingCodes,
  type Source,
} from '@sluice/model'

export interface FileToCheck {
  readonly source: Source
  readonly model: EntityModel
  /** As it is mapped. */
  readonly file: string
  readonly header: readonly string[]
  /** Columns of the header that no mapping uses. */
  readonly unmapped: readonly string[]
}

/** A finding without its place; `undefined` where the file has no such column, or its mappings say that it is data. */
export function checkCommands({
  source,
  model,
  file,
  header,
  unmapped,
}: FileToCheck): Omit<Finding, 'file' | 'line' | 'column'> | undefined {
  const code = findingCodes.commands
  const incremental = source.mode === 'incremental'
  const roles = commandRoles(source, model, file)
  if (roles.kind === 'data') return undefined
  const column = unmapped.find(roles.column.matches)
  if (column === undefined) {
    if (roles.kind === 'unclear' || !roles.configured) return undefined
    const message = `${file} has no column "${roles.column.name}", and ${roles.commanded} says that it holds commands.`
    const remedy = 'A complete may take it as it is; an incremental is refused.'
    return { severity: incremental ? 'warning' : 'note', code, message, remedy }
  }
  if (roles.kind === 'unclear') {
    const message = `${file} holds commands, and they could act on ${roles.candidates.join(' or on ')}.`
    const remedy = 'Say `commands: true` in the mapping whose key a row of the file has.'
    return { severity: incremental ? 'error' : 'warning', code, message, remedy }
  }
  const message = commandsDetected(file, column, roles)
  if (roles.configured) return { severity: 'note', code, message }
  const remedy =
    header[0] === column
      ? 'Say `commands: false` where it is data.'
      : 'Unless a row holds what no command looks like: say `commands: true`, or `commands: false` where it is data.'
  return { severity: 'note', code, message, remedy }
}
