/**
 * The types of which the rows of a mapping find resources: its own, and, where it searches, those that extend it.
 *
 * @module
 */
import type { EntityModel, EntityType } from '../entity/entity-model.ts'
import type { Federation } from '../source/federation.ts'
import { scopeOf } from '../source/scope.ts'
import type { Source } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { isA } from './resolve-by.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

interface Context {
  readonly source: Definition<SourceInput>
  readonly model: EntityModel
  readonly findings: Findings
  /** From the source to the mapping. */
  readonly path: YamlPath
}

/** Names of concrete types; `undefined` where they are those of the mapping's own alone. */
export function resolveScope(
  context: Context,
  type: EntityType,
  federation: Federation | undefined,
): readonly string[] | undefined {
  const searches = federation !== undefined && federation.reconciliation.policy !== 'key'
  if (type.abstract) checkAbstract(context, type, searches ? federation : undefined)
  if (!searches) return undefined
  const family = [...context.model.entityTypes.values()]
    .filter(({ name, abstract }) => !abstract && isA(context.model, name, type.name))
    .map(({ name }) => name)
  return family.length === 1 && family[0] === type.name ? undefined : family
}

/** Of an abstract type rows can find what extends it, and create nothing. */
function checkAbstract(
  { source, findings, path }: Context,
  { name }: EntityType,
  federation: Federation | undefined,
): void {
  const message = `"${name}" is abstract and has no resources of its own`
  if (federation === undefined) {
    findings.add(findingCodes.mapping, placeIn(source, path, 'key'), `${message}.`, {
      remedy: 'Map a type that extends it; or list rules by which rows find resources of those.',
    })
    return
  }
  const { onZero, onMultiple } = federation.reconciliation
  for (const [option, action] of Object.entries({ onZero, onMultiple })) {
    if (action !== 'create') continue
    findings.add(
      findingCodes.federation,
      placeIn(source, [...path, 'reconciliation'], 'key'),
      `${message}: "${option}: create" cannot be carried out.`,
      {
        remedy: `Write "${option}: error", or map a type that extends it.`,
      },
    )
  }
}

/** Two mappings of a source that may find the same resource would each be its row. */
export function checkScopes(
  definition: Definition<SourceInput>,
  { entities }: Source,
  findings: Findings,
): void {
  for (const mapping of entities) {
    const wider = entities.find(
      (one) =>
        one !== mapping &&
        one.scope !== undefined &&
        scopeOf(mapping).some((name) => scopeOf(one).includes(name)),
    )
    if (wider === undefined) continue
    const message = `The rows of "${wider.name}" find resources of "${mapping.name}", too.`
    findings.add(findingCodes.federation, placeIn(definition, ['entities', mapping.name], 'key'), message, {
      remedy: 'Map one of them in another source.',
    })
  }
}
