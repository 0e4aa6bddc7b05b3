/**
 * A file is read once, whatever is mapped from it.
 *
 * @module
 */
import type { FileFormat, Source } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { SourceInput } from './source-schema.ts'

export function checkFormats(definition: Definition<SourceInput>, source: Source, findings: Findings): void {
  const formats = new Map<string, FileFormat>()
  const mappings = [
    ...source.entities.map((mapping) => ({ mapping, section: 'entities' })),
    ...source.associations.map((mapping) => ({ mapping, section: 'associations' })),
  ]
  for (const { mapping, section } of mappings) {
    const first = formats.get(mapping.file)
    if (first === undefined) formats.set(mapping.file, mapping.format)
    else if (JSON.stringify(first) !== JSON.stringify(mapping.format)) {
      const message = `"${mapping.file}" is mapped with two different formats.`
      const place = placeIn(definition, [section, mapping.name, 'format'], 'key')
      findings.add(findingCodes.mapping, place, message, {
        remedy: 'Give every mapping of a file the same format.',
      })
    }
  }
}
