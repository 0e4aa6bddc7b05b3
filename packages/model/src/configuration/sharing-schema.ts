/**
 * How a source shares its resources with others and with people, as people write it.
 *
 * @module
 */
import { z } from 'zod'
import {
  deleteActions,
  multipleActions,
  oneActions,
  reconciliationPolicies,
  rekeyActions,
  zeroActions,
} from '../source/federation.ts'
import { normalizers } from '../source/key-normalizers.ts'
import { ageSchema, nameSchema } from './common-schema.ts'

export const precedenceSchema = z
  .int()
  .describe(
    'Where several sources assert a value, that of the highest number wins; the others are shadowed. 0 when not given.',
  )

const normalizerSchema = z
  .enum(normalizers)
  .describe(
    '`nfc`, `nfkc`: Unicode form. `blanks`: trimmed, several as one. `accents`: without. `case`: small letters. `serial`: in capitals, without separators and a leading S/N. `mac`: `00:1a:2b:3c:4d:5e`. `host`: without the domain. `worthless`: a placeholder, such as N/A, finds nothing.',
  )
  .meta({ id: 'Normalizer', title: 'Normalizer' })

const ruleKeySchema = z
  .union(
    [
      nameSchema,
      z
        .strictObject({
          property: nameSchema,
          normalize: z
            .union(
              [normalizerSchema, z.array(normalizerSchema).min(1, 'must name at least one normalizer')],
              {
                error: `must be one or several of ${normalizers.join(', ')}`,
              },
            )
            .describe('What does not count; carried out in the order in which they are described.'),
        })
        .meta({ id: 'RuleKeyDetails', title: 'Property of a rule' }),
    ],
    { error: 'must be a property, or a map such as {property: serial, normalize: [serial, worthless]}' },
  )
  .meta({ id: 'RuleKey', title: 'Property of a rule' })

/** Of the whole project. */
export const worthlessValuesSchema = z
  .array(
    z.string({ error: 'must be a text, in quotes where it looks like a number' }).min(1, 'must not be empty'),
    {
      error: 'must be a list such as [TBD, "4711"]',
    },
  )
  .describe('Further values that the normalizer `worthless` takes for placeholders.')

export const reconciliationSchema = z
  .strictObject({
    policy: z
      .enum(reconciliationPolicies)
      .optional()
      .describe(
        '`key`: nothing is searched, a new key is a new resource. `attributes`: by the rules. `resource_id`: the key is the id of a resource. When not given: `attributes` where there are rules, else `key`.',
      ),
    rules: z
      .array(
        z
          .array(ruleKeySchema, { error: 'must be a list of properties, such as [serial] or [name, born]' })
          .min(1, 'must name at least one property'),
      )
      .min(1, 'must hold at least one rule')
      .optional()
      .describe(
        'In the order in which they are tried: properties whose values must all be equal. A row of which a value is missing is not searched by that rule. `{property: serial, normalize: [serial, worthless]}` says what of a value does not count.',
      ),
    onZero: z
      .enum(zeroActions)
      .optional()
      .meta({ default: 'create' })
      .describe('What happens where nothing matches.'),
    onOne: z
      .enum(oneActions)
      .optional()
      .meta({ default: 'update' })
      .describe('What happens where one resource matches.'),
    onMultiple: z
      .enum(multipleActions)
      .optional()
      .meta({ default: 'error' })
      .describe(
        'What happens where several match; `take_first` takes the one with the lowest id; `queue` has the row wait until a person decides: `sluice matches`.',
      ),
    onRekey: z
      .enum(rekeyActions)
      .optional()
      .meta({ default: 'create; of a graph update' })
      .describe(
        'What a new row does whose rules find the resource of a row of this source that disappears in the same run, which would be deleted: `update` takes it for the same resource under another key, so that the resource stays, with its history and its links; `create` deletes it, and makes a new one.',
      ),
  })
  .describe(
    'How a row that has no resource yet finds it. Where rules or ids are searched, resources of types that extend the mapped one are found, too.',
  )
  .meta({ id: 'Reconciliation', title: 'Reconciliation' })

export const deletePolicySchema = z
  .union(
    [
      z.enum(deleteActions),
      z
        .strictObject({
          action: z.enum(deleteActions),
          update: z
            .record(nameSchema, z.union([z.string(), z.number(), z.boolean()]))
            .optional()
            .describe(
              'Of the `update` actions: the values that mark the resource; an empty text resets one.',
            ),
          retention: ageSchema
            .optional()
            .describe('Of `update_then_delete`: how long after the update the resource is deleted.'),
        })
        .meta({ id: 'DeletePolicyDetails', title: 'Delete policy' }),
    ],
    {
      error: `must be one of ${deleteActions.join(', ')}, or a map such as {action: update, update: {status: obsolete}}`,
    },
  )
  .describe(
    'What happens to the resource of a row that disappeared. When not given: `delete`; of an open table `ignore`.',
  )
  .meta({ id: 'DeletePolicy', title: 'Delete policy' })

const separatorSchema = z.string().min(1, 'must not be empty')
export const linkSetSchema = z
  .strictObject({
    association: nameSchema.describe('The association that the links are of.'),
    as: nameSchema
      .optional()
      .describe(
        'What names the resource at the other end: `as:17` its id, `as->name:Ann` what it is called. When not given: its entity type, beginning with a small letter.',
      ),
    separators: z
      .strictObject({
        entry: separatorSchema.optional().meta({ default: '|' }).describe('Between two links.'),
        part: separatorSchema.optional().meta({ default: ';' }).describe('Between two parts of a link.'),
        value: separatorSchema
          .optional()
          .meta({ default: ':' })
          .describe('Between the name and the value of a part.'),
        quote: separatorSchema
          .optional()
          .meta({ default: "'" })
          .describe('Around a part that holds separators; doubled inside.'),
      })
      .optional(),
  })
  .describe('A column that holds all links of a row.')
  .meta({ id: 'LinkSet', title: 'Link set' })

export type RuleKeyInput = z.infer<typeof ruleKeySchema>
export type LinkSetInput = z.infer<typeof linkSetSchema>
