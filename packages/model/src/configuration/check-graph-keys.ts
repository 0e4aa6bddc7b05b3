/**
 * Looks for graph sources that call one resource differently and keep what they call it in the same property: only one of them is
 * kept, and the links that the others make find no end.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import type { Source } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { SourceInput } from './source-schema.ts'

export function checkGraphKeys(
  definitions: ReadonlyMap<string, Definition<SourceInput>>,
  sources: ReadonlyMap<string, Source>,
  model: EntityModel,
  findings: Findings,
): void {
  const before: Source[] = []
  for (const source of sources.values()) {
    const { graph, name } = source
    if (graph === undefined) continue
    const definition = definitions.get(name)
    for (const other of before) {
      const type = other.graph?.key === graph.key ? metType(source, other, model) : undefined
      if (type === undefined || definition === undefined) continue
      const message = `"${other.name}" and "${name}" find the same ${type} by its values, and both keep their keys of it in "${graph.key}": links of one of them will not find it.`
      findings.add(findingCodes.mapping, placeIn(definition, ['graph'], 'key'), message, {
        severity: 'warning',
        remedy: `Give each of them a property of its own, such as "key: ${name}Key" under graph.`,
      })
      break
    }
    before.push(source)
  }
}

/** What both map, one of them by rules, and at which a link of one of them may end. */
function metType(one: Source, other: Source, model: EntityModel): string | undefined {
  const links = [...one.associations, ...other.associations]
  const ends = new Set(
    links.flatMap(({ association }) => {
      const { from, to } = model.associations.get(association) ?? {}
      return [from, to]
    }),
  )
  return one.entities
    .map(({ entityType }) => entityType)
    .find((type) => {
      const own = [one, other].flatMap(({ entities }) =>
        entities.filter(({ entityType }) => entityType === type),
      )
      const isMet =
        own.length > 1 && own.some((mapping) => mapping.federation?.reconciliation.policy === 'attributes')
      return isMet && lineage(model, type).some((name) => ends.has(name))
    })
}

/** The type and what it extends. */
function lineage({ entityTypes }: Pick<EntityModel, 'entityTypes'>, type: string): readonly string[] {
  const parent = entityTypes.get(type)?.extends
  return [type, ...(parent === undefined ? [] : lineage({ entityTypes }, parent))]
}
