/**
 * Whether a mapping is switched off.
 *
 * @module
 */
import type { EntityMapping } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

/** Nobody should have to find out why a source says nothing any more, so it is told each time. */
export function resolveActive(
  { source, findings }: { readonly source: Definition<SourceInput>; readonly findings: Findings },
  path: YamlPath,
  active: boolean | undefined,
): Pick<EntityMapping, 'active'> {
  if (active !== false) return {}
  const at = placeIn(source, [...path, 'active'])
  const name = String(path.at(-1))
  if (source.value.graph !== undefined) {
    findings.add(findingCodes.mapping, at, `What a graph says of ${name} follows from its modules.`, {
      remedy: 'Take "active" out, and the statements that make it out of the modules.',
    })
    return {}
  }
  const message = `${name} is switched off: it is not read, and what ${source.name} has brought of it stays as it is.`
  findings.add(findingCodes.mapping, at, message, { severity: 'note' })
  return { active }
}
