/**
 * What a server is asked about deliveries: to take them, to say how they are, to decide about them.
 *
 * @module
 */
import { deliveryRecordSchema, uuidSchema } from '@sluice/model'
import { z } from 'zod'
import {
  announcementSchema,
  deliveredFileNameSchema,
  deliveryStatusSchema,
  manifestSchema,
} from '../delivery/delivery.ts'
import { bytesBody, json, noBody, none, route } from './route.ts'
import { flag } from './words.ts'

const delivery = z.strictObject({ delivery: uuidSchema })
const file = z.strictObject({ delivery: uuidSchema, file: deliveredFileNameSchema })
const received = z.object({ size: z.int().nonnegative() })

export const deliveryRoutes = {
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
      before: uuidSchema.optional().describe('Only those that were announced before this one.'),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    body: noBody,
    reply: json(z.object({ deliveries: z.array(deliveryRecordSchema) })),
  }),
  describeDelivery: route({
    method: 'GET',
    path: '/deliveries/:delivery/description',
    tag: 'deliveries',
    summary: 'All that is known of a delivery: who announced it, when, what it holds, and its result.',
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
    summary:
      'Release a delivery that was put aside because processes died during its run; it is tried again.',
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
    summary: 'Announce a delivery: it gets its place in the queue of the source. May be repeated.',
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
      'The state of a delivery; with `wait`, answers when its run has ended, or after so many seconds.',
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
      'Append to a file at `offset`, the size it has now (0 starts again). The body may be compressed: Content-Encoding gzip, br or zstd.',
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
    summary:
      'Seal a delivery: all its files have been sent. They are checked against their checksums. May be repeated.',
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
    summary:
      'Give up an announced delivery whose files will never arrive, so that the queue continues without it.',
    permission: 'deliver',
    params: delivery,
    query: none,
    body: json(z.strictObject({ state: z.enum(['cancelled', 'refused']), reason: z.string().max(10_000) })),
    reply: json(deliveryStatusSchema),
  }),
} as const
