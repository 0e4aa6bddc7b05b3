/**
 * How a mapping reads the rows of its file, in words: whatever would be another value if it were another.
 *
 * Rows that did not change are not read again, neither by an agent that compares files nor by a repository that compares
 * sums. So both remember the reading by which they know their rows, and one that changed makes the next run a complete.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { EntityModel, EntityType, Property } from '../entity/entity-model.ts'
import type { GraphSource } from './graph.ts'
import { propertiesIn } from './lookup-by.ts'
import type { RowFilter, Shape } from './shape.ts'
import type { AssociationMapping, EndMapping, EntityMapping, PropertyMapping, Source } from './source.ts'

/** By property or end. */
export type Reading = Readonly<Record<string, string>>

/** Of every mapping of a source, by its name. */
export function readingsOf(source: Source, model: EntityModel): ReadonlyMap<string, Reading> {
  const shared = source.graph === undefined ? {} : graphReading(source.graph)
  return new Map([
    ...source.entities.map(
      (mapping) => [mapping.name, { ...entityReading(mapping, model), ...shared }] as const,
    ),
    ...source.associations.map(
      (mapping) => [mapping.name, { ...associationReading(mapping, model), ...shared }] as const,
    ),
  ])
}

/** What makes resources of nodes: each module by the sum of its text, for it may be long. */
function graphReading({ modules, dataModel, key, options }: GraphSource): Reading {
  return {
    ...Object.fromEntries(modules.map(({ file, text }) => [`module ${file}`, `text ${sumOf(text)}`])),
    'the order of its modules': modules.map(({ file }) => file).join(', '),
    'its data model': String(dataModel),
    'the property of its keys': key,
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`option ${name}`, value])),
  }
}

function sumOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16)
}

export function entityReading(mapping: EntityMapping, model: EntityModel): Reading {
  const { entityType, key, properties, where } = mapping
  const known = model.entityTypes.get(entityType)?.properties ?? []
  return { 'its key': key, ...filterOf(where), ...propertiesOf(properties, known, model) }
}

/** What a source has beside what it had is nothing to be told where it has none. */
function filterOf(where: RowFilter | undefined): Reading {
  if (where === undefined) return {}
  const { text, absent = [] } = where
  return { 'its filter': absent.length === 0 ? text : `${text}, absent ${JSON.stringify(absent)}` }
}

function associationReading(mapping: AssociationMapping, model: EntityModel): Reading {
  const association = model.associations.get(mapping.association)
  const end = ({ column, by, shape, ...format }: EndMapping, type: string | undefined) =>
    [
      `column ${column}`,
      `by ${by}${typeOfKey(type, by, model)}`,
      ...optionsOf(format),
      ...shapeOf(shape),
    ].join(', ')
  return {
    ...filterOf(mapping.where),
    'its from': end(mapping.from, association?.from),
    'its to': end(mapping.to, association?.to),
    ...propertiesOf(mapping.properties, association?.properties ?? [], model),
  }
}

/** What is otherwise, in words; empty where nothing is. */
export function differencesBetween(was: Reading, now: Reading): readonly string[] {
  const added = Object.keys(now).filter((name) => was[name] === undefined)
  const gone = Object.keys(was).filter((name) => now[name] === undefined)
  const changed = Object.keys(now).filter((name) => was[name] !== undefined && was[name] !== now[name])
  return [
    ...added.map((name) => `${name} is new (${now[name]})`),
    ...changed.map((name) => `${name}: ${now[name]} (it was: ${was[name]})`),
    ...gone.map((name) => `${name} was removed`),
  ]
}

function propertiesOf(
  mappings: readonly PropertyMapping[],
  known: EntityType['properties'],
  model: EntityModel,
): Reading {
  return Object.fromEntries(
    mappings.map((mapping) => {
      const property = known.find(({ name }) => name === mapping.property)
      return [mapping.property, [columnOf(mapping), ...typeOf(property, mapping, model)].join(', ')]
    }),
  )
}

function columnOf({ property: _, column, shape, ...rest }: PropertyMapping): string {
  return [`column ${column}`, ...optionsOf(rest), ...shapeOf(shape)].join(', ')
}

/** A table may be long, so it is known by its sum. */
function shapeOf(shape: Shape | undefined): readonly string[] {
  if (shape === undefined) return []
  const { columns: _, table, ...rest } = shape
  const known = table && { ...table, entries: `sum ${sumOf(JSON.stringify(table.entries))}` }
  return [`made by ${JSON.stringify({ ...rest, table: known })}`]
}

function optionsOf({
  words,
  ...rest
}: Omit<PropertyMapping, 'property' | 'column' | 'shape'>): readonly string[] {
  const options = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${JSON.stringify(value)}`],
  )
  const truth = words === undefined ? [] : [`words ${JSON.stringify([words.true, words.false])}`]
  return [...options.sort(), ...truth]
}

function typeOf(property: Property | undefined, { by }: PropertyMapping, model: EntityModel): string[] {
  if (property === undefined) return []
  const required = property.required ? ['required'] : []
  if (property.type === 'enum') return [`one of ${JSON.stringify(property.values)}`, ...required]
  if (property.type !== 'reference') return [property.type, ...required]
  return [`to ${property.to}${typeOfKey(property.to, by, model)}`, ...required]
}

/** What stands in the column is read as the type of the property that it is looked up by. */
function typeOfKey(entityType: string | undefined, by: string | undefined, model: EntityModel): string {
  const keys = propertiesIn(model, entityType ?? '', by ?? '').map(({ type }) => type)
  return keys.length === 0 ? '' : ` (${keys.join(', ')})`
}
