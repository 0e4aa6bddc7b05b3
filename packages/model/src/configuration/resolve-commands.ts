import type { EntityMapping } from '../source/source.ts'
import { type Definition, textIn } from './definition.ts'
import type { EntityMappingInput, SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

/** A column that is named holds commands, as `true` says of the usual one. */
export function resolveCommands(
  source: Definition<SourceInput>,
  path: YamlPath,
  input: EntityMappingInput['commands'],
): Pick<EntityMapping, 'commands' | 'commandColumn'> {
  if (typeof input !== 'object') return { commands: input }
  return { commands: true, commandColumn: textIn(source, [...path, 'commands', 'column']) }
}
