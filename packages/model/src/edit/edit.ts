/**
 * What people ask to be changed: resources created, updated, deleted, links added and removed; all of a request or nothing.
 *
 * The one form of it, whether it comes over the network, from the command line or from the record of a held run.
 *
 * @module
 */
import { z } from 'zod'

const resourceIdSchema = z.string().regex(/^[1-9]\d{0,18}$/, 'must be the id of a resource, such as "1001"')

/**
 * A resource by its name. A text is read as `#1001` (its id), `mail:ada@example.com` (a property and its value), the key that a
 * source gives it, what it is called, or its id; the first way that finds any counts. The other two forms say which is meant.
 */
export const resourceNameSchema = z.union(
  [
    z.string().min(1, 'must not be empty'),
    z.strictObject({ id: resourceIdSchema }),
    z.strictObject({ property: z.string(), value: z.string() }),
  ],
  { error: 'must be a name, {"id": "1001"}, or {"property": "mail", "value": "ada@example.com"}' },
)
export type ResourceName = Readonly<z.infer<typeof resourceNameSchema>>

const fileValueSchema = z.strictObject({
  content: z.base64().describe('In base64.'),
  name: z.string().optional(),
  mediaType: z.string().optional(),
})

/** As readers show it; a reference as a name of its target. `null` and an empty text empty it. */
const editedValueSchema = z.union(
  [z.string(), z.number(), z.boolean(), z.null(), resourceNameSchema, fileValueSchema],
  {
    error:
      'must be a text, a number, true, false, null, the name of a resource, or {"content": "…", "name": "…", "mediaType": "…"}',
  },
)
export type EditedValue = Readonly<z.infer<typeof editedValueSchema>>

export const editedValuesSchema = z.record(z.string(), editedValueSchema)
export type EditedValues = Readonly<z.infer<typeof editedValuesSchema>>

const versionSchema = z
  .string()
  .optional()
  .describe('As it was read: refused where the resource has changed since.')

export const editSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('create'), type: z.string(), values: editedValuesSchema }),
  z.strictObject({
    action: z.literal('update'),
    type: z.string(),
    resource: resourceNameSchema,
    values: editedValuesSchema,
    version: versionSchema,
  }),
  z.strictObject({
    action: z.literal('delete'),
    type: z.string(),
    resource: resourceNameSchema,
    version: versionSchema,
  }),
  z
    .strictObject({
      action: z.literal('merge'),
      type: z.string(),
      resource: resourceNameSchema.describe('The one that stays.'),
      merged: z.array(resourceNameSchema).min(1, 'must name a resource').max(1000),
      version: versionSchema,
    })
    .describe('Resources that are one thing become one. A request of merges holds nothing else.'),
  z.strictObject({
    action: z.literal('link'),
    association: z.string(),
    from: resourceNameSchema,
    to: resourceNameSchema,
    properties: editedValuesSchema.optional(),
  }),
  z.strictObject({
    action: z.literal('unlink'),
    association: z.string(),
    from: resourceNameSchema,
    to: resourceNameSchema,
  }),
])
export type Edit = Readonly<z.infer<typeof editSchema>>

/** So many edits a request may hold: they are read as one document. */
const mostEdits = 10_000

export const editsSchema = z
  .array(editSchema)
  .min(1, 'must hold an edit')
  .max(mostEdits, `must be at most ${mostEdits}`)

/** By whom, as far as deletions go: who administers may more than others. */
export const editorRoles = ['user', 'administrator'] as const
export type EditorRole = (typeof editorRoles)[number]

/** What a run of the cause `edit` comes from, as it is kept with the run. */
export const editRequestSchema = z.strictObject({ edits: editsSchema, role: z.enum(editorRoles) })
export type EditRequest = Readonly<z.infer<typeof editRequestSchema>>

/** A resource that an edit was about, whose id its creation has decided. */
export const editedResourceSchema = z.object({
  /** Which of the edits, from 0. */
  edit: z.int(),
  entityType: z.string(),
  resourceId: z.string(),
})
export type EditedResource = Readonly<z.infer<typeof editedResourceSchema>>
