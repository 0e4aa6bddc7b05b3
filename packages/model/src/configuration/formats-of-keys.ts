/**
 * A source writes a value in one way, wherever it stands: a column of references that says nothing of its format has that of
 * the column from which the same source takes the property they are looked up by.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import type { EndMapping, PropertyMapping, Source, ValueFormat } from '../source/source.ts'
import { isA } from './resolve-by.ts'

export function withFormatsOfKeys(model: EntityModel, source: Source): Source {
  const formatOf = (entityType: string | undefined, by: string | undefined) =>
    formatOfValues(model, source, entityType, by)
  const property =
    (known: readonly { readonly name: string; readonly type: string; readonly to?: string }[]) =>
    (mapping: PropertyMapping): PropertyMapping => {
      const reference = known.find(({ name, type }) => name === mapping.property && type === 'reference')
      if (reference === undefined) return mapping
      if (mapping.parts === undefined) return completed(mapping, formatOf(reference.to, mapping.by))
      return {
        ...mapping,
        parts: mapping.parts.map((part) => completed(part, formatOf(reference.to, part.by))),
      }
    }
  const end = (mapping: EndMapping, entityType: string | undefined) =>
    completed(mapping, formatOf(entityType, mapping.by))
  return {
    ...source,
    entities: source.entities.map((mapping) => ({
      ...mapping,
      properties: mapping.properties.map(
        property(model.entityTypes.get(mapping.entityType)?.properties ?? []),
      ),
    })),
    associations: source.associations.map((mapping) => {
      const association = model.associations.get(mapping.association)
      return { ...mapping, from: end(mapping.from, association?.from), to: end(mapping.to, association?.to) }
    }),
  }
}

const options = [
  'format',
  'decimalSeparator',
  'thousandsSeparator',
  'exponents',
  'trailingMinus',
  'percent',
  'words',
] as const

/** What says something of its own has it for itself alone. */
function completed<T extends ValueFormat>(mapping: T, format: ValueFormat | undefined): T {
  const silent = options.every((option) => mapping[option] === undefined)
  return silent && format !== undefined ? { ...mapping, ...format } : mapping
}

/** Of the property of a type, or of one that extends it; `undefined` where the source has none, or several. */
function formatOfValues(
  model: EntityModel,
  source: Source,
  entityType: string | undefined,
  by: string | undefined,
): ValueFormat | undefined {
  const formats = new Map<string, ValueFormat>()
  for (const mapping of source.entities) {
    if (!isA(model, mapping.entityType, entityType)) continue
    const values = mapping.properties.find(({ property }) => property === by)
    if (values === undefined) continue
    const { format, decimalSeparator, thousandsSeparator, exponents, trailingMinus, percent, words } = values
    const found = { format, decimalSeparator, thousandsSeparator, exponents, trailingMinus, percent, words }
    formats.set(JSON.stringify(found), found)
  }
  const [format] = formats.values()
  return formats.size === 1 && options.some((option) => format?.[option] !== undefined) ? format : undefined
}
