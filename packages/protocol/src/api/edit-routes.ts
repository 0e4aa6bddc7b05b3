/**
 * What a server is asked to change for people: resources and links.
 *
 * @module
 */
import { editedValuesSchema, editsSchema } from '@sluice/model'
import { z } from 'zod'
import { editedSchema, ifMatch, singleAnswered } from './edited.ts'
import { json, noBody, none, route } from './route.ts'
import { flag, oneResource } from './words.ts'

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

export const editRoutes = {
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
} as const
