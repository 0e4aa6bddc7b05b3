/**
 * What a server is asked about what the repository holds.
 *
 * @module
 */
import { storedModelSchema } from '@sluice/model'
import { z } from 'zod'
import { versionedAnswered } from './edited.ts'
import {
  explanationSchema,
  flappingResourceSchema,
  listedLinkSchema,
  listedResourceSchema,
  qualityDaySchema,
  qualitySchema,
  typeCountSchema,
  versionedResourceSchema,
} from './records.ts'
import { file, json, lines, noBody, none, route } from './route.ts'
import { acceptLanguage, cursor, language, limit, mostNamed, oneResource, variesByLanguage } from './words.ts'

const where = z
  .union([z.string(), z.array(z.string()).max(mostNamed)])
  .optional()
  .describe('Conditions such as `name~grace`, all of which must hold.')

const anyOf = z
  .union([z.string(), z.array(z.string()).max(mostNamed)])
  .optional()
  .describe(
    'A JSON array of conditions, one of which must hold: `["name~grace", "name~ada"]`; may be repeated.',
  )

export const repositoryRoutes = {
  model: route({
    method: 'GET',
    path: '/model',
    tag: 'repository',
    summary: 'Entity types, associations and sources, as the tables follow them now.',
    permission: 'read',
    params: none,
    query: z.strictObject({ language }),
    headers: acceptLanguage,
    body: noBody,
    reply: json(storedModelSchema),
    answered: () => variesByLanguage,
  }),
  resources: route({
    method: 'GET',
    path: '/resources/:entityType',
    tag: 'repository',
    summary:
      'Resources of a type (and of those that extend it), in the order of their ids when no `sort` is given. A page ends with `limit`, and the next continues after the `cursor` of its last line.',
    permission: 'read',
    params: z.strictObject({ entityType: z.string() }),
    query: z.strictObject({
      where,
      anyOf,
      columns: z
        .string()
        .optional()
        .describe('Names of properties, with commas between them; all when not given.'),
      limit,
      after: z
        .string()
        .regex(/^\d{1,19}$/)
        .optional()
        .describe('Continues after this resource id.'),
      sort: z
        .string()
        .optional()
        .describe(
          'Names of properties, with commas between them, `-` before one for the other way: `name,-born`.',
        ),
      cursor: z.string().max(20_000).optional().describe('Continues after the resource that had it.'),
      subtypes: z.enum(['true', 'false']).optional(),
    }),
    body: noBody,
    reply: lines(listedResourceSchema),
  }),
  types: route({
    method: 'GET',
    path: '/resource-counts',
    tag: 'repository',
    summary: 'Every entity type and how many resources there are of it.',
    permission: 'read',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ types: z.array(typeCountSchema) })),
  }),
  quality: route({
    method: 'GET',
    path: '/quality/:entityType',
    tag: 'repository',
    summary:
      'How well the resources of a type (and of those that extend it) are known, property by property: how many have a value, whose references have no target, whose values go back and forth.',
    permission: 'read',
    params: z.strictObject({ entityType: z.string() }),
    query: none,
    body: noBody,
    reply: json(qualitySchema),
  }),
  qualityHistory: route({
    method: 'GET',
    path: '/quality/:entityType/history',
    tag: 'repository',
    summary:
      'The same figures of days before, the oldest first: those of a day are kept once, whenever somebody prunes.',
    permission: 'read',
    params: z.strictObject({ entityType: z.string() }),
    query: z.strictObject({
      days: z.coerce.number().int().min(1).max(800).optional().describe('The last so many; 90 when absent.'),
    }),
    body: noBody,
    reply: json(z.object({ days: z.array(qualityDaySchema) })),
  }),
  flapping: route({
    method: 'GET',
    path: '/quality/:entityType/flapping',
    tag: 'repository',
    summary:
      'Resources of a type of which a value goes back and forth, in the order of their ids, with the runs that wrote it in turn. A page ends with `limit`, and the next continues after the `cursor` of its last one.',
    permission: 'read',
    params: z.strictObject({ entityType: z.string() }),
    query: z.strictObject({
      property: z.string(),
      limit: z.coerce.number().int().min(1).max(1000).optional().describe('100 when absent.'),
      cursor,
    }),
    body: noBody,
    reply: json(z.object({ resources: z.array(flappingResourceSchema) })),
  }),
  count: route({
    method: 'GET',
    path: '/resource-counts/:entityType',
    tag: 'repository',
    summary: 'How many resources of a type (and of those that extend it) fulfil all conditions.',
    permission: 'read',
    params: z.strictObject({ entityType: z.string() }),
    query: z.strictObject({ where, anyOf, subtypes: z.enum(['true', 'false']).optional() }),
    body: noBody,
    reply: json(z.object({ count: z.int().nonnegative() })),
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
  content: route({
    method: 'GET',
    path: '/resources/:entityType/:key/files/:property',
    tag: 'repository',
    summary: 'The content of a file that a resource has as a value, to be saved: no browser shows it.',
    permission: 'read',
    params: oneResource.extend({ property: z.string() }),
    query: none,
    body: noBody,
    reply: file,
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
      anyOf,
      limit,
      cursor,
    }),
    body: noBody,
    reply: lines(listedLinkSchema),
  }),
} as const
