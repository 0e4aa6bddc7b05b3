/**
 * The model as the repository remembers it: what its tables were last made for.
 *
 * It is compared with the configuration to find what has to change, and it lets a repository be
 * read without its configuration. Kept as JSON in `sluice_model`; what a mapping does with files
 * is left out, because no table depends on it.
 *
 * @module
 */
import { z } from 'zod'
import { displayExpressionSchema } from '../entity/display.ts'
import {
  type Association,
  cardinalities,
  type EntityModel,
  type EntityType,
  impactDirections,
  type Property,
  scalarTypes,
} from '../entity/entity-model.ts'
import { attributePolicies, type Federation } from '../source/federation.ts'
import { normalizers } from '../source/key-normalizers.ts'
import type { PropertyMapping, Source } from '../source/source.ts'
import type { Configuration } from './configuration.ts'

const labels = z.record(z.string(), z.string()).optional()
const propertyBase = {
  name: z.string(),
  labels,
  description: z.string().optional(),
  required: z.boolean(),
  history: z.union([z.literal('none'), z.int()]).optional(),
}
const indexed = z.literal(true).optional()
const enumProperty = z.object({
  ...propertyBase,
  indexed,
  type: z.literal('enum'),
  values: z.array(z.string()),
  valueLabels: z.record(z.string(), z.record(z.string(), z.string())).optional(),
})
const scalarProperty = z.object({ ...propertyBase, indexed, type: z.enum(scalarTypes).exclude(['enum']) })
const propertySchema = z.discriminatedUnion('type', [
  scalarProperty,
  enumProperty,
  z.object({ ...propertyBase, type: z.literal('file') }),
  z.object({ ...propertyBase, type: z.literal('secret') }),
  z.object({
    ...propertyBase,
    type: z.literal('reference'),
    to: z.string(),
    impact: z.object({ direction: z.enum(impactDirections), weight: z.number() }).optional(),
  }),
]) satisfies z.ZodType<Property>

const entityTypeSchema = z.object({
  name: z.string(),
  labels,
  description: z.string().optional(),
  extends: z.string().optional(),
  abstract: z.boolean(),
  display: z.union([z.string(), displayExpressionSchema]).optional(),
  properties: z.array(propertySchema),
}) satisfies z.ZodType<EntityType>

const associationSchema = z.object({
  name: z.string(),
  labels,
  fromLabels: labels,
  toLabels: labels,
  description: z.string().optional(),
  from: z.string(),
  to: z.string(),
  cardinality: z.enum(cardinalities),
  properties: z.array(z.discriminatedUnion('type', [scalarProperty, enumProperty])),
  impact: z
    .object({ direction: z.enum(impactDirections), weight: z.union([z.number(), z.string()]) })
    .optional(),
}) satisfies z.ZodType<Association>

const sourceSchema = z.object({
  name: z.string(),
  labels,
  entities: z.array(
    z.object({
      entityType: z.string(),
      /** Of which concrete types its rows have resources, where these are not only those of its own. */
      scope: z.array(z.string()).optional(),
      key: z.string(),
      /** Whether its resources are shared; absent where the source owns them whole. */
      federation: z.literal(true).optional(),
      /** Names of columns that hold links. */
      linkSets: z.array(z.string()).optional(),
      /** Every mapped property; `by`: the property of the target whose values the source gives. */
      properties: z.array(
        z.object({
          name: z.string(),
          by: z.string().optional(),
          /** Of a shared type, where they are not the usual ones. */
          policy: z.enum(attributePolicies).optional(),
          precedence: z.int().optional(),
          update: z.literal(false).optional(),
        }),
      ),
      obsoleteLocks: z.literal(false).optional(),
      /** By what resources are found, as its normalizers leave it; absent where there are none. */
      searched: z
        .array(z.object({ property: z.string(), normalize: z.array(z.enum(normalizers)) }))
        .optional(),
    }),
  ),
  associations: z.array(z.object({ association: z.string(), fromBy: z.string(), toBy: z.string() })),
})

export const storedModelSchema = z.object({
  format: z.literal(1),
  /** Of labels that say none. */
  language: z.string().optional(),
  entityTypes: z.array(entityTypeSchema),
  associations: z.array(associationSchema),
  sources: z.array(sourceSchema),
})

export type StoredSource = z.infer<typeof sourceSchema>

export interface StoredModel extends EntityModel {
  readonly sources: ReadonlyMap<string, StoredSource>
}

export const emptyModel: StoredModel = { entityTypes: new Map(), associations: new Map(), sources: new Map() }

export function storedModelOf(configuration: Pick<Configuration, 'model' | 'sources'>): StoredModel {
  const sources = [...configuration.sources.values()].map(
    (source): StoredSource => ({
      name: source.name,
      ...(source.labels === undefined ? {} : { labels: source.labels }),
      entities: source.entities.map(({ entityType, scope, key, properties, federation, linkSets }) => ({
        entityType,
        ...(scope === undefined ? {} : { scope: [...scope] }),
        key,
        ...(federation === undefined ? {} : { federation: true as const }),
        ...(linkSets === undefined ? {} : { linkSets: linkSets.map(({ name }) => name) }),
        ...(source.obsoleteLocks === undefined ? {} : { obsoleteLocks: source.obsoleteLocks }),
        ...searchedBy(federation),
        properties: properties.map((property) => storedProperty(source, property)),
      })),
      associations: source.associations.map(({ association, from, to }) => ({
        association,
        fromBy: from.by,
        toBy: to.by,
      })),
    }),
  )
  return {
    ...(configuration.model.language === undefined ? {} : { language: configuration.model.language }),
    entityTypes: configuration.model.entityTypes,
    associations: configuration.model.associations,
    sources: new Map(sources.map((source) => [source.name, source])),
  }
}

/** What says nothing is told of rows, and not of what is stored. */
function searchedBy(federation: Federation | undefined): Pick<StoredSource['entities'][number], 'searched'> {
  const rules = federation?.reconciliation.rules ?? []
  const searched = new Map(
    rules.flat().flatMap(({ property, normalize }) => {
      const steps = normalize.filter((each) => each !== 'worthless')
      return steps.length === 0 ? [] : [[[property, ...steps].join(' '), { property, normalize: steps }]]
    }),
  )
  return searched.size === 0 ? {} : { searched: [...searched.values()] }
}

/** What is written and what it means when nothing is written are the same. */
function storedProperty(
  source: Source,
  { property, by, policy, precedence = source.precedence, update }: PropertyMapping,
): StoredSource['entities'][number]['properties'][number] {
  return {
    name: property,
    ...(by === undefined ? {} : { by }),
    ...(policy === undefined || policy === 'master_locked' ? {} : { policy }),
    ...(precedence === undefined || precedence === 0 ? {} : { precedence }),
    ...(update === undefined ? {} : { update }),
  }
}

/** JSON text of the model. Two models are the same when their decoded forms are. */
export function encodeModel(model: StoredModel): string {
  return JSON.stringify({
    format: 1,
    language: model.language,
    entityTypes: [...model.entityTypes.values()],
    associations: [...model.associations.values()],
    sources: [...model.sources.values()],
  })
}

export function decodeModel(json: unknown): StoredModel {
  const { language, entityTypes, associations, sources } = storedModelSchema.parse(json)
  return {
    ...(language === undefined ? {} : { language }),
    entityTypes: new Map(entityTypes.map((type) => [type.name, type])),
    associations: new Map(associations.map((association) => [association.name, association])),
    sources: new Map(sources.map((source) => [source.name, source])),
  }
}
