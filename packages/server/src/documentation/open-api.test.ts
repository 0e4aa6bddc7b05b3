import { routes } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ask, createServerHarness } from '../../test/server-harness.ts'
import { openApiDocument } from './open-api.ts'

const schema = z.looseObject({})
const operationSchema = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string().min(10),
  description: z.string(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      in: z.enum(['path', 'query', 'header']),
      required: z.boolean(),
      description: z.string().optional(),
      schema,
    }),
  ),
  requestBody: z
    .strictObject({ required: z.literal(true), content: z.record(z.string(), schema) })
    .optional(),
  responses: z.record(z.string().regex(/^\d{3}$/), schema),
})
const documentSchema = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'put', 'post', 'patch', 'delete']), operationSchema),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^\w+$/), schema),
    responses: z.record(z.string(), schema),
    securitySchemes: z.record(z.string(), schema),
  }),
})

test('the document has the structure of OpenAPI 3.1, one operation per route, and no reference leads nowhere', () => {
  const document = documentSchema.parse(openApiDocument('1.2.3'))
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(routes).sort())
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref)
  expect(refs.length).toBeGreaterThan(50)
  for (const ref of new Set(refs)) {
    expect(ref).toMatch(/^#\/components\/(schemas|responses)\/\w+$/)
    const [, , kind = '', name = ''] = ref.split('/')
    const defined = kind === 'schemas' ? document.components.schemas : document.components.responses
    expect(Object.keys(defined), ref).toContain(name)
  }
  for (const [path, methods] of Object.entries(document.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const { parameters } of Object.values(methods)) {
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath)
    }
  }
})

test('the document and its page are served without a token, from here alone', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const { body, status } = await ask(server, '/openapi.json')
  expect(status).toBe(200)
  expect(documentSchema.parse(body).info.version).toBe('0.0.0')
  const page = await ask(server, '/docs')
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'.*frame-ancestors 'none'$/)
  const assets = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
  expect(assets.length).toBeGreaterThan(4)
  for (const path of assets) {
    expect(path).toMatch(/^\.\/static\//)
    expect((await ask(server, `/docs/${path}`)).status, path).toBe(200)
  }
  expect((await ask(server, '/docs/json')).body).toMatchObject({ openapi: '3.1.0' })
})
