/**
 * A column of secrets feeds its property and nothing else, which would show them.
 *
 * @module
 */
import type { EntityType } from '../entity/entity-model.ts'
import { isSecret } from '../entity/secret.ts'
import type { Expression } from '../source/shape.ts'
import type { PropertyMapping } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

export interface SecretsContext {
  readonly source: Definition<SourceInput>
  /** From the source to the mapping. */
  readonly path: YamlPath
  readonly findings: Findings
  readonly type: EntityType
}

export function checkSecrets(
  { source, path, findings, type }: SecretsContext,
  mappings: readonly PropertyMapping[],
  where: Expression | undefined,
): void {
  const secrets = new Set(type.properties.filter(isSecret).map(({ name }) => name))
  for (const { property, column } of mappings.filter((mapping) => secrets.has(mapping.property))) {
    const other = mappings.find(
      (mapping) => mapping.property !== property && columnsOf(mapping).includes(column),
    )
    if (where?.columns.includes(column) === true) {
      const message = `"${property}" is a secret, and "where" reads its column "${column}".`
      findings.add(findingCodes.mapping, placeIn(source, [...path, 'where'], 'key'), message, {
        remedy: 'Remove the column from "where".',
      })
    }
    if (other === undefined) continue
    const message = `"${property}" is a secret, and "${other.property}" is read from its column "${column}", too.`
    findings.add(
      findingCodes.mapping,
      placeIn(source, [...path, 'properties', other.property], 'key'),
      message,
      {
        remedy: 'Give each a column of its own.',
      },
    )
  }
}

function columnsOf({
  column,
  shape,
  fileNameColumn,
  mediaTypeColumn,
}: PropertyMapping): readonly (string | undefined)[] {
  return [column, ...(shape?.columns ?? []), fileNameColumn, mediaTypeColumn]
}
