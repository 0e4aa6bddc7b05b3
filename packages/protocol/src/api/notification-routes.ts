/**
 * What a server is asked about notifications: what became of them, to try them again, to test a receiver.
 *
 * @module
 */
import { notificationRecordSchema, notificationStates, testedSchema } from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'

export const notificationRoutes = {
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
} as const
