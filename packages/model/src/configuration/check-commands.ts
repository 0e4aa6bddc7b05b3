/**
 * Checks what mappings say of commands: the rows of a file are of one mapping, and the column that holds the commands
 * is no value.
 *
 * @module
 */
import { commandColumnOf } from '../source/command-roles.ts'
import { type MappedTable, mappedTables } from '../source/mapped-tables.ts'
import type { Source } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'

export function checkCommands(definition: Definition<unknown>, source: Source, findings: Findings): void {
  for (const table of mappedTables(source)) checkTable(definition, source, table, findings)
}

function checkTable(
  definition: Definition<unknown>,
  source: Source,
  { file, columns, mappings }: MappedTable,
  findings: Findings,
): void {
  const { entities, associations } = source
  const all = [
    ...entities.map(({ name, commands }) => ({ name, commands, section: 'entities' })),
    ...associations.map(({ name, commands }) => ({ name, commands, section: 'associations' })),
  ]
  const [first, ...others] = all.filter(({ name, commands }) => commands === true && mappings.includes(name))
  if (first === undefined) return
  for (const { section, name } of others) {
    const message = `The commands of ${file} cannot act on ${name} as well as on ${first.name}: a row can belong to only one of them.`
    findings.add(findingCodes.mapping, placeIn(definition, [section, name, 'commands']), message, {
      remedy: 'Keep `commands` only in the mapping whose key is in each row.',
    })
  }
  const value = columns.find(commandColumnOf(source, file).matches)
  if (value === undefined) return
  const message = `The column "${value}" of ${file} is mapped, and so it cannot hold commands.`
  findings.add(findingCodes.mapping, placeIn(definition, [first.section, first.name, 'commands']), message, {
    remedy: 'Do not map it, or leave out `commands`.',
  })
}
