/**
 * The OpenAPI document, written from the table of routes, so that it says what the server does.
 *
 * @module
 */
import { displayTermSchema, displayTestSchema, editSchema, tokenSchema } from '@sluice/model'
import {
  announcementSchema,
  apiPrefix,
  errorAnswerSchema,
  manifestSchema,
  type Route,
  routes,
} from '@sluice/protocol'
import { z } from 'zod'
import { errorAnswers } from './error-answers.ts'

type Json = Readonly<Record<string, unknown>>

const description = `Agents deliver what managed systems say; operators follow runs and decide about those that
are held; everybody with the right to read sees the repository; editors change what no source locks.

Requests carry \`Authorization: Bearer slc_…\`. Failed ones are answered with an \`Error\`, whose \`code\` is
stable. Lists of any length come as JSON Lines (\`application/x-ndjson\`), one document a line.`

/** @param server Where the API lies from where the document is: a proxy may have a path before both. */
export function openApiDocument(version: string, server = '.'): Json {
  const { schemas, refs } = componentsOf()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of Object.entries(routes)) {
    const path = `${apiPrefix}${route.path.replaceAll(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, refs) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version,
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server }],
    tags: [...new Set(Object.values(routes).map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ token: [] }],
    paths,
    components: {
      schemas,
      responses: errorAnswers,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'slc_…' } },
    },
  }
}

/** Schemas that have a name wherever they occur. */
const named: readonly (readonly [string, z.ZodType, 'input' | 'output'])[] = [
  ['Announcement', announcementSchema, 'input'],
  ['Manifest', manifestSchema, 'input'],
  ['DeliveryStatus', routes.delivery.reply.schema, 'output'],
  ['RunReport', routes.run.reply.schema, 'output'],
  ['Change', routes.changes.reply.schema, 'output'],
  ['RejectedRow', routes.rejectedRows.reply.schema, 'output'],
  ['SourceStatus', routes.source.reply.schema, 'output'],
  ['Token', tokenSchema, 'output'],
  // They hold one another.
  ['DisplayTerm', displayTermSchema, 'output'],
  ['DisplayTest', displayTestSchema, 'output'],
  ['Edit', editSchema, 'input'],
  ['Edited', routes.edit.reply.schema, 'output'],
  ['Error', errorAnswerSchema, 'output'],
]

interface Refs {
  reply(route: Route): Json
  body(schema: z.ZodType): Json
}

function componentsOf(): { readonly schemas: Json; readonly refs: Refs } {
  const registries = { input: z.registry<{ id: string }>(), output: z.registry<{ id: string }>() }
  for (const [id, schema, io] of named) registries[io].add(schema, { id })
  for (const [name, route] of Object.entries<Route>(routes)) {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
    if (route.reply.kind !== 'file' && !registries.output.has(route.reply.schema))
      registries.output.add(route.reply.schema, { id: `${id}Reply` })
    if (route.body.kind !== 'json' || registries.input.has(route.body.schema)) continue
    registries.input.add(route.body.schema, { id: `${id}Body` })
  }
  const written = (io: 'input' | 'output') =>
    z.toJSONSchema(registries[io], { io, unrepresentable: 'any', uri: refOf }).schemas
  const refTo = (io: 'input' | 'output', schema: z.ZodType): Json => ({
    $ref: refOf(registries[io].get(schema)?.id ?? ''),
  })
  const schemas = Object.fromEntries(
    Object.entries({ ...written('input'), ...written('output') }).map(([id, schema]) => [
      id,
      withoutIdentity(schema),
    ]),
  )
  return {
    schemas,
    refs: {
      reply: ({ reply }) => refTo('output', reply.schema),
      body: (schema) => refTo('input', schema),
    },
  }
}

function refOf(id: string): string {
  return `#/components/schemas/${id}`
}

/** As components they are known by their place. */
function withoutIdentity({ $id: _, $schema: __, ...schema }: Json): Json {
  return schema
}

const answers = {
  json: { type: 'application/json', says: 'Done.' },
  lines: { type: 'application/x-ndjson', says: 'One document a line.' },
  file: { type: 'application/octet-stream', says: 'The file, with its media type and name.' },
} as const

function operation(name: string, route: Route, refs: Refs): Json {
  const { kind } = route.reply
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description:
      route.permission === null ? 'Needs no token.' : `Needs the permission \`${route.permission}\`.`,
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...headersOf(route),
    ],
    ...bodyOf(route, refs),
    responses: {
      200: {
        description: answers[kind].says,
        content: { [answers[kind].type]: kind === 'file' ? {} : { schema: refs.reply(route) } },
      },
      ...Object.fromEntries(
        statusesOf(route).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    },
  }
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { unrepresentable: 'any' })
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function headersOf({ headers = {} }: Route): readonly Json[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }))
}

function bodyOf({ body }: Route, refs: Refs): Json {
  switch (body.kind) {
    case 'none':
      return {}
    case 'json':
      return {
        requestBody: { required: true, content: { 'application/json': { schema: refs.body(body.schema) } } },
      }
    case 'bytes':
      return { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
  }
}

function statusesOf({ tag, method, path, body, headers }: Route): readonly (keyof typeof errorAnswers)[] {
  return [
    400,
    401,
    403,
    404,
    ...(method === 'GET' ? [] : ([409] as const)),
    ...(path.startsWith('/runs/:run') ? ([410] as const) : []),
    ...(headers === undefined ? [] : ([412] as const)),
    ...(body.kind === 'none' ? [] : ([413] as const)),
    ...(tag === 'deliveries' || tag === 'edits' || tag === 'tokens' ? ([422] as const) : []),
    429,
    503,
  ]
}
