/**
 * What the resources of a type are shown by.
 *
 * @module
 */
import type { DisplayExpression } from '../entity/display.ts'
import type { EntityType, Property } from '../entity/entity-model.ts'
import { isSecret } from '../entity/secret.ts'
import { type Definition, placeIn } from './definition.ts'
import type { CompileDisplay } from './displays.ts'
import type { EntityTypeInput } from './entity-model-schema.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'

export function resolveDisplay(
  definition: Definition<EntityTypeInput>,
  properties: readonly Property[],
  compile: CompileDisplay | undefined,
  findings: Findings,
): EntityType['display'] {
  const { display } = definition.value
  if (display === undefined) return undefined
  if (typeof display !== 'string')
    return displayedByExpression(definition, display.expression, { properties, compile, findings })
  checkDisplay(definition, display, properties, findings)
  return display
}

interface Surroundings {
  readonly properties: readonly Property[]
  readonly compile: CompileDisplay | undefined
  readonly findings: Findings
}

function displayedByExpression(
  definition: Definition<EntityTypeInput>,
  expression: string,
  { properties, compile, findings }: Surroundings,
): DisplayExpression | undefined {
  const compiled = compile?.(expression, properties) ?? notRead
  if (!('problem' in compiled)) return { expression, term: compiled }
  const path = [...definition.path, 'display', 'expression']
  findings.add(
    findingCodes.wrongValue,
    definition.file.placeWithin(path, compiled.offset),
    compiled.problem,
    { remedy: compiled.remedy },
  )
  return undefined
}

const notRead = { problem: 'Expressions are not read here.', remedy: undefined, offset: 0 }

function checkDisplay(
  definition: Definition<EntityTypeInput>,
  display: string,
  properties: readonly Property[],
  findings: Findings,
): void {
  const names = properties.map((property) => property.name)
  const place = placeIn(definition, ['display'])
  if (properties.some((property) => property.name === display && isSecret(property))) {
    const message = `"${display}" is a secret and cannot be displayed.`
    findings.add(findingCodes.wrongValue, place, message, { remedy: 'Use another property.' })
  }
  if (names.includes(display)) return
  const message = `"${definition.name}" has no property "${display}" for "display".`
  findings.add(findingCodes.unknownName, place, message, { remedy: suggestion(display, names) })
}
