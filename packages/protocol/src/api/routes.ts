/**
 * Every request that a server answers, below `/api/v1`.
 *
 * @module
 */
import {
  changeSchema,
  deliveryRecordSchema,
  editedValuesSchema,
  editsSchema,
  newTokenSchema,
  notificationRecordSchema,
  notificationStates,
  permissions,
  rejectedRowSchema,
  roles,
  runReportSchema,
  storedModelSchema,
  testedSchema,
  tokenSchema,
} from '@sluice/model'
import { z } from 'zod'
import {
  announcementSchema,
  deliveredFileNameSchema,
  deliveryStatusSchema,
  exportFailureSchema,
  manifestSchema,
  sourceChainSchema,
} from '../delivery/delivery.ts'
import { definitionRoutes } from './definition-routes.ts'
import { duplicateRoutes } from './duplicate-routes.ts'
import { editedSchema, ifMatch, singleAnswered, versionedAnswered } from './edited.ts'
import { matchRoutes } from './match-routes.ts'
import { orderRoutes } from './order-routes.ts'
import {
  explanationSchema,
  listedLinkSchema,
  listedResourceSchema,
  versionedResourceSchema,
} from './records.ts'
import { replicaRoutes } from './replica-routes.ts'
import { revertRoutes } from './revert-routes.ts'
import { bytesBody, json, lines, noBody, none, route } from './route.ts'
import { tableRoutes } from './table-routes.ts'

const delivery = z.strictObject({ delivery: z.uuid() })
const file = z.strictObject({ delivery: z.uuid(), file: deliveredFileNameSchema })
const run = z.strictObject({ run: z.coerce.number().int().positive() })
const source = z.strictObject({ source: z.string() })
const limit = z.coerce.number().int().positive().optional()
const limited = z.strictObject({ limit })
const sample = z.coerce
  .number()
  .int()
  .positive()
  .max(1000)
  .optional()
  .describe('The first so many of each operation of each entity type and association.')
const flag = z
  .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
    error: 'expected true or false',
  })
  .optional()
const drift = flag.describe('Only those that are drift.')
const received = z.object({ size: z.int().nonnegative() })

/** How a source is doing. */
const sourceStatusSchema = sourceChainSchema.extend({
  name: z.string(),
  description: z.string().nullable(),
  /** `open`: its rows stand in tables of the repository; `delivered`: agents bring its files. */
  kind: z.enum(['open', 'delivered']).optional(),
  /** Deliveries that are announced or ready. */
  waiting: z.int().nonnegative(),
  lastRun: runReportSchema
    .pick({ run: true, mode: true, state: true, startedAt: true, finishedAt: true })
    .nullable(),
})
export type SourceStatus = Readonly<z.infer<typeof sourceStatusSchema>>

const deliveries = {
  deliveries: route({
    method: 'GET',
    path: '/deliveries',
    tag: 'deliveries',
    summary: 'Deliveries, newest first; 50 when no limit is given. With `open`, those that are not over.',
    permission: 'follow',
    params: none,
    query: z.strictObject({
      source: z.string().optional(),
      open: flag.describe('Only those that are announced, ready, held or put aside.'),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    body: noBody,
    reply: json(z.object({ deliveries: z.array(deliveryRecordSchema) })),
  }),
  describeDelivery: route({
    method: 'GET',
    path: '/deliveries/:delivery/description',
    tag: 'deliveries',
    summary: 'All that is known of a delivery: who announced it, when, what it carries, what became of it.',
    permission: 'follow',
    params: delivery,
    query: none,
    body: noBody,
    reply: json(deliveryRecordSchema),
  }),
  cancelDelivery: route({
    method: 'POST',
    path: '/deliveries/:delivery/cancel',
    tag: 'deliveries',
    summary:
      'Cancel a delivery that waits or was put aside, and what builds on it; nothing of them is applied.',
    permission: 'decide',
    params: delivery,
    query: none,
    body: json(z.strictObject({ reason: z.string().max(10_000).optional() })),
    reply: json(deliveryRecordSchema),
  }),
  releaseDelivery: route({
    method: 'POST',
    path: '/deliveries/:delivery/release',
    tag: 'deliveries',
    summary: 'Have a delivery tried again that was put aside because processes died of it.',
    permission: 'decide',
    params: delivery,
    query: none,
    body: json(z.strictObject({ reason: z.string().max(10_000).optional() })),
    reply: json(deliveryRecordSchema),
  }),
  announce: route({
    method: 'PUT',
    path: '/deliveries/:delivery',
    tag: 'deliveries',
    summary: 'Take a place in the queue of the source, and later tell the files. May be repeated.',
    permission: 'deliver',
    params: delivery,
    query: none,
    body: json(announcementSchema.omit({ id: true })),
    reply: json(deliveryStatusSchema),
  }),
  delivery: route({
    method: 'GET',
    path: '/deliveries/:delivery',
    tag: 'deliveries',
    summary:
      'What became of a delivery; with `wait`, answers when a run has decided it, or after so many seconds.',
    permission: 'follow',
    params: delivery,
    query: z.strictObject({ wait: z.coerce.number().int().min(0).max(60).optional() }),
    body: noBody,
    reply: json(deliveryStatusSchema),
  }),
  receivedFile: route({
    method: 'GET',
    path: '/deliveries/:delivery/files/:file',
    tag: 'deliveries',
    summary: 'How many bytes (uncompressed) of a file have arrived.',
    permission: 'deliver',
    params: file,
    query: none,
    body: noBody,
    reply: json(received),
  }),
  appendFile: route({
    method: 'PATCH',
    path: '/deliveries/:delivery/files/:file',
    tag: 'deliveries',
    summary:
      'Append to a file at `offset`, the size it has now (0 begins anew). The body may be compressed: Content-Encoding gzip, br or zstd.',
    permission: 'deliver',
    params: file,
    query: z.strictObject({ offset: z.coerce.number().int().nonnegative() }),
    body: bytesBody,
    reply: json(received),
  }),
  seal: route({
    method: 'PUT',
    path: '/deliveries/:delivery/manifest',
    tag: 'deliveries',
    summary: 'Say that all files are there. They are checked against their sums. May be repeated.',
    permission: 'deliver',
    params: delivery,
    query: none,
    body: json(manifestSchema),
    reply: json(deliveryStatusSchema),
  }),
  giveUp: route({
    method: 'POST',
    path: '/deliveries/:delivery/give-up',
    tag: 'deliveries',
    summary: 'Give up a delivery that will never come, so that the queue goes on without it.',
    permission: 'deliver',
    params: delivery,
    query: none,
    body: json(z.strictObject({ state: z.enum(['cancelled', 'refused']), reason: z.string().max(10_000) })),
    reply: json(deliveryStatusSchema),
  }),
}

const sources = {
  sources: route({
    method: 'GET',
    path: '/sources',
    tag: 'sources',
    summary: 'Every source and how it is doing.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ sources: z.array(sourceStatusSchema) })),
  }),
  source: route({
    method: 'GET',
    path: '/sources/:source',
    tag: 'sources',
    summary: 'How one source is doing: its chain of deliveries, its held run.',
    permission: 'follow',
    params: source,
    query: none,
    body: noBody,
    reply: json(sourceStatusSchema),
  }),
  exportFailed: route({
    method: 'POST',
    path: '/sources/:source/export-failed',
    tag: 'sources',
    summary:
      'Say that the export of a source failed, so that nothing will be delivered; receivers are notified.',
    permission: 'deliver',
    params: source,
    query: none,
    body: json(exportFailureSchema),
    reply: json(z.object({ source: z.string() })),
  }),
}

const runs = {
  runs: route({
    method: 'GET',
    path: '/runs',
    tag: 'runs',
    summary: 'Reports of runs, newest first; 50 when no limit is given.',
    permission: 'follow',
    params: none,
    query: z.strictObject({
      source: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    body: noBody,
    reply: json(z.object({ runs: z.array(runReportSchema) })),
  }),
  run: route({
    method: 'GET',
    path: '/runs/:run',
    tag: 'runs',
    summary: 'The report of a run.',
    permission: 'follow',
    params: run,
    query: none,
    body: noBody,
    reply: json(runReportSchema),
  }),
  changes: route({
    method: 'GET',
    path: '/runs/:run/changes',
    tag: 'runs',
    summary: 'The changes of a run: of a held one what it would do, of an applied one what it did.',
    permission: 'follow',
    params: run,
    query: limited.extend({ sample, drift }),
    body: noBody,
    reply: lines(changeSchema),
  }),
  rejectedRows: route({
    method: 'GET',
    path: '/runs/:run/rejected-rows',
    tag: 'runs',
    summary: 'The rows a run left out, with the reason.',
    permission: 'follow',
    params: run,
    query: limited,
    body: noBody,
    reply: lines(rejectedRowSchema),
  }),
  approve: route({
    method: 'POST',
    path: '/runs/:run/approve',
    tag: 'runs',
    summary:
      'Apply a held change set as it was read; when the repository moved meanwhile, compute it again and say so.',
    permission: 'decide',
    params: run,
    query: none,
    body: noBody,
    reply: json(z.object({ report: runReportSchema, moved: z.boolean() })),
  }),
  reject: route({
    method: 'POST',
    path: '/runs/:run/reject',
    tag: 'runs',
    summary: 'Let a held change set go; nothing of it is applied.',
    permission: 'decide',
    params: run,
    query: none,
    body: json(z.strictObject({ reason: z.string().max(10_000).optional() })),
    reply: json(runReportSchema),
  }),
}

const where = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .describe('Conditions such as `name~grace`, all of which must hold.')

const oneResource = z.strictObject({
  entityType: z.string(),
  key: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'must be the id of a resource')
    .describe('The id of the resource.'),
})
const oneLink = z.strictObject({
  association: z.string(),
  from: oneResource.shape.key,
  to: oneResource.shape.key,
})
/** How an edit is made, and what is said about it. */
const editing = z.strictObject({
  comment: z.string().max(10_000).optional().describe('Kept with the run, and shown in the history.'),
  dryRun: flag.describe('Answers what would change; nothing is written.'),
})

const edits = {
  createResource: route({
    method: 'POST',
    path: '/resources/:entityType',
    tag: 'edits',
    summary: 'Create a resource of these values. A reference is the name of its target, or `{"id": "1001"}`.',
    permission: 'edit',
    params: z.strictObject({ entityType: z.string() }),
    query: editing,
    body: json(editedValuesSchema),
    reply: json(editedSchema),
    answered: singleAnswered,
  }),
  updateResource: route({
    method: 'PATCH',
    path: '/resources/:entityType/:key',
    tag: 'edits',
    summary: 'Give a resource other values, as a JSON merge patch: `null` empties, what is not named stays.',
    permission: 'edit',
    params: oneResource,
    query: editing,
    headers: ifMatch,
    body: json(editedValuesSchema),
    reply: json(editedSchema),
    answered: singleAnswered,
  }),
  deleteResource: route({
    method: 'DELETE',
    path: '/resources/:entityType/:key',
    tag: 'edits',
    summary: 'Delete a resource, with the replicas that sources have of it, where they let people do that.',
    permission: 'edit',
    params: oneResource,
    query: editing,
    headers: ifMatch,
    body: noBody,
    reply: json(editedSchema),
    answered: singleAnswered,
  }),
  putLink: route({
    method: 'PUT',
    path: '/links/:association/:from/:to',
    tag: 'edits',
    summary: 'Link two resources by their ids, or give the link other properties.',
    permission: 'edit',
    params: oneLink,
    query: editing,
    body: json(editedValuesSchema),
    reply: json(editedSchema),
    answered: singleAnswered,
  }),
  deleteLink: route({
    method: 'DELETE',
    path: '/links/:association/:from/:to',
    tag: 'edits',
    summary: 'Remove a link that people have made.',
    permission: 'edit',
    params: oneLink,
    query: editing,
    body: noBody,
    reply: json(editedSchema),
    answered: singleAnswered,
  }),
  edit: route({
    method: 'POST',
    path: '/edits',
    tag: 'edits',
    summary: 'Many edits of resources and links in one run: all of them or nothing.',
    permission: 'edit',
    params: none,
    query: editing,
    body: json(z.strictObject({ edits: editsSchema })),
    reply: json(editedSchema),
    answered: singleAnswered,
  }),
}

const repository = {
  model: route({
    method: 'GET',
    path: '/model',
    tag: 'repository',
    summary: 'Entity types, associations and sources, as the tables follow them now.',
    permission: 'read',
    params: none,
    query: none,
    body: noBody,
    reply: json(storedModelSchema),
  }),
  resources: route({
    method: 'GET',
    path: '/resources/:entityType',
    tag: 'repository',
    summary:
      'Resources of a type (and of those that extend it), in the order of their ids when no `sort` is given. A page ends with `limit`, and the next goes on behind the `cursor` of its last line.',
    permission: 'read',
    params: z.strictObject({ entityType: z.string() }),
    query: z.strictObject({
      where,
      columns: z
        .string()
        .optional()
        .describe('Names of properties, with commas between them; all when not given.'),
      limit,
      after: z
        .string()
        .regex(/^\d{1,19}$/)
        .optional()
        .describe('Goes on behind this resource id.'),
      sort: z
        .string()
        .optional()
        .describe(
          'Names of properties, with commas between them, `-` before one for the other way: `name,-born`.',
        ),
      cursor: z.string().max(20_000).optional().describe('Goes on behind the resource that had it.'),
      subtypes: z.enum(['true', 'false']).optional(),
    }),
    body: noBody,
    reply: lines(listedResourceSchema),
  }),
  resource: route({
    method: 'GET',
    path: '/resources/:entityType/:key',
    tag: 'repository',
    summary: 'One resource by its id, with its version as `ETag`.',
    permission: 'read',
    params: oneResource,
    query: none,
    body: noBody,
    reply: json(versionedResourceSchema),
    answered: versionedAnswered,
  }),
  explain: route({
    method: 'GET',
    path: '/resources/:entityType/:key/explanation',
    tag: 'repository',
    summary: 'Everything known about one resource: values and who asserts them, links, history.',
    permission: 'read',
    params: z.strictObject({ entityType: z.string(), key: z.string() }),
    query: none,
    body: noBody,
    reply: json(explanationSchema),
  }),
  links: route({
    method: 'GET',
    path: '/links/:association',
    tag: 'repository',
    summary: 'Links of an association.',
    permission: 'read',
    params: z.strictObject({ association: z.string() }),
    query: z.strictObject({
      where,
      limit,
      cursor: z.string().max(100).optional().describe('Goes on behind the link that had it.'),
    }),
    body: noBody,
    reply: lines(listedLinkSchema),
  }),
}

const configuration = {
  reload: route({
    method: 'POST',
    path: '/configuration/reload',
    tag: 'configuration',
    summary: 'Let this server read its configuration again, and the tables follow its model.',
    permission: 'administer',
    params: none,
    query: none,
    body: noBody,
    reply: json(
      z.object({
        sources: z.array(z.string()),
        changes: z.array(z.string()).describe('What was changed in the tables, a line each.'),
      }),
    ),
  }),
}

const tokens = {
  self: route({
    method: 'GET',
    path: '/token',
    tag: 'tokens',
    summary: 'Who I am: the token of this request and what it permits.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(
      z.object({
        name: z.string(),
        role: z.enum(roles),
        sources: z.array(z.string()),
        permissions: z.array(z.enum(permissions)),
      }),
    ),
  }),
  tokens: route({
    method: 'GET',
    path: '/tokens',
    tag: 'tokens',
    summary: 'Every token, without its secret.',
    permission: 'administer',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ tokens: z.array(tokenSchema) })),
  }),
  createToken: route({
    method: 'POST',
    path: '/tokens',
    tag: 'tokens',
    summary: 'Make a token. Its secret is in this answer and nowhere else.',
    permission: 'administer',
    params: none,
    query: none,
    body: json(newTokenSchema),
    reply: json(z.object({ token: tokenSchema, secret: z.string() })),
  }),
  revokeToken: route({
    method: 'DELETE',
    path: '/tokens/:name',
    tag: 'tokens',
    summary: 'Revoke a token; requests with it fail from now on.',
    permission: 'administer',
    params: z.strictObject({ name: z.string() }),
    query: none,
    body: noBody,
    reply: json(tokenSchema),
  }),
}

const notifications = {
  notifications: route({
    method: 'GET',
    path: '/notifications',
    tag: 'notifications',
    summary: 'Notifications, newest first; 50 when no limit is given.',
    permission: 'follow',
    params: none,
    query: z.strictObject({
      state: z.enum(notificationStates).optional(),
      source: z.string().optional(),
      receiver: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    body: noBody,
    reply: json(z.object({ notifications: z.array(notificationRecordSchema) })),
  }),
  retryNotification: route({
    method: 'POST',
    path: '/notifications/:notification/retry',
    tag: 'notifications',
    summary: 'Have a notification tried again at once that waits or was given up.',
    permission: 'decide',
    params: z.strictObject({ notification: z.string() }),
    query: none,
    body: noBody,
    reply: json(notificationRecordSchema),
  }),
  retryNotifications: route({
    method: 'POST',
    path: '/notifications/retry',
    tag: 'notifications',
    summary: 'Have all notifications tried again at once that wait or were given up.',
    permission: 'decide',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ count: z.int().nonnegative() })),
  }),
  testReceiver: route({
    method: 'POST',
    path: '/notifications/receivers/:receiver/test',
    tag: 'notifications',
    summary: 'Send a test to a receiver at once; what came of it.',
    permission: 'decide',
    params: z.strictObject({ receiver: z.string() }),
    query: none,
    body: noBody,
    reply: json(testedSchema),
  }),
}

export const routes = {
  ...deliveries,
  ...sources,
  ...definitionRoutes,
  ...tableRoutes,
  ...orderRoutes,
  ...replicaRoutes,
  ...duplicateRoutes,
  ...matchRoutes,
  ...revertRoutes,
  ...runs,
  ...repository,
  ...edits,
  ...configuration,
  ...tokens,
  ...notifications,
} as const
export type Routes = typeof routes
export type RouteName = keyof Routes
