/**
 * Columns that hold the links of a row, checked against the associations of the model.
 *
 * @module
 */
import type { Association, EntityModel, EntityType } from '../entity/entity-model.ts'
import { type LinkSetMapping, type LinkSetSeparators, usualSeparators } from '../source/link-set.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import { isA } from './resolve-by.ts'
import type { LinkSetInput } from './sharing-schema.ts'
import type { EntityMappingInput, SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

interface Context {
  readonly source: Definition<SourceInput>
  readonly model: EntityModel
  readonly findings: Findings
  /** From the source to the mapping. */
  readonly path: YamlPath
  readonly type: EntityType
}

/** `undefined`: there are none. */
export function resolveLinkSets(
  context: Context,
  { linkSets }: EntityMappingInput,
): readonly LinkSetMapping[] | undefined {
  const { source, findings, path, type } = context
  if (linkSets === undefined) return undefined
  if (source.value.table !== true) {
    findings.add(
      findingCodes.federation,
      placeIn(source, [...path, 'linkSets'], 'key'),
      'Only an open table has columns of links.',
      { remedy: 'Map an association instead.' },
    )
  }
  return Object.entries(linkSets).flatMap(([name, input]) => {
    const at = [...path, 'linkSets', name]
    if (type.properties.some((property) => property.name === name)) {
      const message = `"${type.name}" has a property "${name}", too.`
      findings.add(findingCodes.federation, placeIn(source, at, 'key'), message, {
        remedy: 'Choose another name.',
      })
    }
    return resolveLinkSet(context, at, name, input)
  })
}

function resolveLinkSet(
  { source, model, findings, type }: Context,
  at: YamlPath,
  name: string,
  input: LinkSetInput,
): readonly LinkSetMapping[] {
  const association = model.associations.get(input.association)
  if (association === undefined) {
    const message = `There is no association "${input.association}".`
    findings.add(findingCodes.unknownName, placeIn(source, [...at, 'association']), message, {
      remedy: suggestion(input.association, model.associations.keys()),
    })
    return []
  }
  const end = endOf(model, association, type)
  if (end === undefined) {
    const message = `"${association.name}" has no end at which "${type.name}" may stand.`
    findings.add(findingCodes.federation, placeIn(source, [...at, 'association']), message, {
      remedy: 'Name an association of the type.',
    })
    return []
  }
  if (association.cardinality === (end === 'from' ? 'one-to-many' : 'many-to-one')) {
    const message = `At the other end of "${association.name}" a resource can have only one link, and two rows could both claim it.`
    findings.add(findingCodes.federation, placeIn(source, [...at, 'association']), message, {
      remedy: 'Write the column of links at that end.',
    })
  }
  const other = association[end === 'from' ? 'to' : 'from']
  return [
    {
      name,
      association: association.name,
      end,
      as: input.as ?? `${other.charAt(0).toLowerCase()}${other.slice(1)}`,
      separators: separatorsOf(input),
    },
  ]
}

function separatorsOf({ separators }: LinkSetInput): LinkSetSeparators {
  const { entry, part, value, quote } = usualSeparators
  return {
    entry: separators?.entry ?? entry,
    part: separators?.part ?? part,
    value: separators?.value ?? value,
    quote: separators?.quote ?? quote,
  }
}

function endOf(
  model: EntityModel,
  { from, to }: Association,
  { name }: EntityType,
): 'from' | 'to' | undefined {
  if (isA(model, name, from)) return 'from'
  return isA(model, name, to) ? 'to' : undefined
}
