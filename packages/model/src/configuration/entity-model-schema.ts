/**
 * Entity types and associations as people write them.
 *
 * @module
 */
import { z } from 'zod'
import { cardinalities, impactDirections, type ScalarType } from '../entity/entity-model.ts'
import { descriptionSchema, labelSchema, nameSchema, precisionSchema, textSchema } from './common-schema.ts'

const shortTypes = [
  'string',
  'text',
  'integer',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'uuid',
] as const satisfies readonly ScalarType[]

const common = {
  required: z
    .boolean()
    .optional()
    .meta({ default: false })
    .describe('A row that leaves a required property empty is rejected.'),
  label: labelSchema.optional(),
  description: descriptionSchema.optional(),
  history: precisionSchema
    .optional()
    .meta({ default: 'full' })
    .describe(
      'Which updates of it the history keeps: all, none, or with a duration those that come as long after the last one that it kept, or later. For what changes all the time, such as a last logon.',
    ),
}

const indexedSchema = z
  .boolean()
  .optional()
  .meta({ default: false })
  .describe(
    'An index keeps resources in the order of its values, so that they are sorted and found by it at once, however many there are. It takes room, and each change of a value writes to it. Of long texts it has the first 200 characters.',
  )

const simplePropertySchema = z
  .strictObject({
    type: z
      .enum(shortTypes)
      .describe(
        'What the values are. `string` is a short text and `text` a long one, both are kept as they come, with line breaks and blanks; `datetime` is an instant.',
      ),
    ...common,
    indexed: indexedSchema,
  })
  .meta({ id: 'SimpleProperty', title: 'Simple property' })

const enumPropertySchema = z
  .strictObject({
    type: z.literal('enum').describe('One of a few known values.'),
    values: z
      .union(
        [z.array(textSchema).min(1, 'must name at least one value'), z.record(z.string(), labelSchema)],
        {
          error: 'must be a list of the allowed values, or a map of them to their labels',
        },
      )
      .describe('The allowed values, compared exactly; a map gives each a label.'),
    ...common,
    indexed: indexedSchema,
  })
  .meta({ id: 'EnumProperty', title: 'Enum property' })

const filePropertySchema = z
  .strictObject({
    type: z.literal('file').describe('Binary content with its name and media type.'),
    ...common,
  })
  .meta({ id: 'FileProperty', title: 'File property' })

const secretPropertySchema = z
  .strictObject({
    type: z
      .literal('secret')
      .describe(
        'A password or the like: written, kept hidden by a salted hash, and never shown or read back.',
      ),
    ...common,
  })
  .meta({ id: 'SecretProperty', title: 'Secret property' })

const directionSchema = z
  .enum(impactDirections)
  .describe('`from-to`: when `from` fails, `to` is impacted; `to-from`: the other way round.')

const percentSchema = z
  .number()
  .min(0, 'must be a percentage, from 0 to 100')
  .max(100, 'must be a percentage, from 0 to 100')

const impactError = 'must be "from-to" or "to-from", or a map such as {direction: to-from, weight: 80}'

const referenceImpactSchema = z
  .union(
    [
      directionSchema,
      z
        .strictObject({
          direction: directionSchema,
          weight: percentSchema.optional().meta({ default: 100 }).describe('How strongly, in percent.'),
        })
        .meta({ id: 'WeighedReferenceImpact', title: 'Weighed impact along a reference' }),
    ],
    { error: impactError },
  )
  .describe(
    'Who is impacted when one of the two fails, as `sluice impact` follows it. `from` is the resource that has the reference.',
  )
  .meta({ id: 'ReferenceImpact', title: 'Impact along a reference' })

const linkImpactSchema = z
  .union(
    [
      directionSchema,
      z
        .strictObject({
          direction: directionSchema,
          weight: z
            .union([percentSchema, nameSchema], {
              error: 'must be a percentage, from 0 to 100, or the name of a link property',
            })
            .optional()
            .meta({ default: 100 })
            .describe('How strongly, in percent; or the property of the links that says it.'),
        })
        .meta({ id: 'WeighedLinkImpact', title: 'Weighed impact along links' }),
    ],
    { error: impactError },
  )
  .describe(
    'Who is impacted when one end fails, as `sluice impact` follows it. The link properties `HasImpact`, `ImpactDirection` and `ImpactWeight` come before it, where a link has them.',
  )
  .meta({ id: 'LinkImpact', title: 'Impact along links' })

const referencePropertySchema = z
  .strictObject({
    type: z.literal('reference').describe('A single-valued pointer to another resource.'),
    to: nameSchema.describe('The entity type of the target, or a type it extends.'),
    impact: referenceImpactSchema.optional(),
    ...common,
  })
  .meta({ id: 'ReferenceProperty', title: 'Reference property' })

const shortPropertySchema = z.enum([...shortTypes, 'file', 'secret'])

const propertySchema = z
  .union(
    [
      shortPropertySchema,
      z.discriminatedUnion('type', [
        simplePropertySchema,
        enumPropertySchema,
        filePropertySchema,
        secretPropertySchema,
        referencePropertySchema,
      ]),
    ],
    { error: 'must be a type such as "string", or a map such as {type: string, required: true}' },
  )
  .describe('A type, or a map with the type and what else is known about the property.')
  .meta({ id: 'Property', title: 'Property' })

const linkPropertySchema = z
  .union([z.enum(shortTypes), z.discriminatedUnion('type', [simplePropertySchema, enumPropertySchema])], {
    error: 'must be a type such as "string", or a map such as {type: string, required: true}',
  })
  .describe('As a property of an entity type, but neither a file, a secret nor a reference.')
  .meta({ id: 'LinkProperty', title: 'Link property' })

const displaySchema = z
  .union(
    [
      nameSchema,
      z
        .strictObject({
          expression: z
            .string()
            .min(1, 'must not be empty')
            .describe(
              'An expression in CEL over the type\'s own properties, such as `lastName + ", " + firstName`; docs/display-names.md has what it may use.',
            ),
        })
        .meta({ id: 'DisplayExpression', title: 'Display expression' }),
    ],
    {
      error: 'must be the name of a property, or a map such as {expression: "lastName + \', \' + firstName"}',
    },
  )
  .describe('What people recognise a resource by: a property, or an expression over several.')
  .meta({ id: 'Display', title: 'Display' })

export const entityTypeSchema = z
  .strictObject({
    extends: nameSchema
      .optional()
      .describe(
        'The entity type whose properties this one has too. A resource of this type is also one of that.',
      ),
    abstract: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe('An abstract type has no resources of its own, only those of the types that extend it.'),
    label: labelSchema.optional(),
    display: displaySchema.optional(),
    description: descriptionSchema.optional(),
    properties: z.record(nameSchema, propertySchema).optional().describe('Own properties, by name.'),
  })
  .describe('A class of resources: one table in the repository.')
  .meta({ id: 'EntityType', title: 'Entity type' })

export const associationSchema = z
  .strictObject({
    from: nameSchema.describe('Entity type of the one end.'),
    to: nameSchema.describe('Entity type of the other end.'),
    cardinality: z
      .enum(cardinalities)
      .optional()
      .meta({ default: 'many-to-many' })
      .describe(
        '`many-to-one`: a resource of `from` has at most one link; `one-to-many`: a resource of `to` has at most one.',
      ),
    label: labelSchema.optional(),
    fromLabel: labelSchema
      .optional()
      .describe(
        'What the resources at `from` are to those at `to`, such as *Members*: a text, or one by language.',
      ),
    toLabel: labelSchema
      .optional()
      .describe(
        'What the resources at `to` are to those at `from`, such as *Groups*: a text, or one by language.',
      ),
    description: descriptionSchema.optional(),
    properties: z
      .record(nameSchema, linkPropertySchema)
      .optional()
      .describe('What is known about each link.'),
    impact: linkImpactSchema.optional(),
  })
  .describe('Typed links between two entity types: one link table in the repository.')
  .meta({ id: 'Association', title: 'Association' })

export type PropertyInput = z.infer<typeof propertySchema>
export type LinkPropertyInput = z.infer<typeof linkPropertySchema>
export type EntityTypeInput = z.infer<typeof entityTypeSchema>
export type ReferenceImpactInput = z.infer<typeof referenceImpactSchema>
export type AssociationInput = z.infer<typeof associationSchema>
