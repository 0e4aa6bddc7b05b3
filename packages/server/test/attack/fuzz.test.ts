/**
 * Whatever comes: no answer is the server's fault, none has bytes that command a terminal, and the server lives on.
 */
import { randomUUID } from 'node:crypto'
import { apiPrefix, type Route, routes } from '@sluice/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { runsOf } from '../../../../test/thoroughness.ts'
import type { RunningServer } from '../../src/index.ts'
import { clientOf, contentOf, createServerHarness, type ServerHarness, yaml } from '../server-harness.ts'
import { type Answered, type RawRequest, rawRequests } from './raw-request.ts'
import { addressOf, escaped, routesOf, type TabledRoute } from './route-requests.ts'

/** As the harness's own, with a property of every type of which one can look for values that are none. */
const everyType = yaml.replace(
  'Person: { display: name, properties: {',
  `Person: { display: name, properties: { whole: integer, exact: decimal, day: date, moment: datetime, yes: boolean, uuid: uuid,
      secret: secret, boss: { type: reference, to: Person }, `,
)

let harness: ServerHarness
let server: RunningServer
let raw: ReturnType<typeof rawRequests>
let table: readonly TabledRoute[]
let delivery: string

beforeAll(async () => {
  harness = await createServerHarness('postgres-18', (location) => location, everyType)
  const { limits } = harness.configuration.server
  // Nothing is synchronized: what is asked is what is tried.
  server = await harness.serve({ limits: { ...limits, requestsPerMinute: 1e9 } }, { synchronizes: false })
  raw = rawRequests(server)
  table = routesOf(harness)
  delivery = randomUUID()
  const client = clientOf(server, harness.secrets.admin)
  await client.call(routes.announce, { params: { delivery }, body: { source: 'hr', mode: 'complete' } })
})
afterAll(async () => {
  raw[Symbol.dispose]()
  await harness[Symbol.asyncDispose]()
})

/** Texts that have ended programs before, and some that nobody has thought of. */
const texts = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '.',
      '..',
      '../../etc/passwd',
      '%',
      '%00',
      '\0',
      'a\0b',
      '\ud800',
      'x\udfff',
      '\u202egnp.exe',
    ],
    ...[
      '\u001b[2J\u001b]0;owned\u0007',
      '\r\nset-cookie: x',
      '\n{"level":"error"}',
      "'; drop table sluice_run; --",
    ],
    ...[
      '"',
      '\\',
      '$1',
      '__proto__',
      'constructor',
      'null',
      'true',
      '[]',
      '{}',
      '["',
      '{"a":',
      '*',
      ':',
      '@',
    ],
    ...[
      '-1',
      '0',
      '1e309',
      'NaN',
      'Infinity',
      '1.5',
      '9'.repeat(19),
      '9'.repeat(30),
      '-9223372036854775809',
      '0x10',
    ],
    ...[
      '9223372036854775808',
      '9007199254740993',
      '0001-01-01',
      '2026-02-30',
      '2026-13-45T99:99:99Z',
      'infinity',
    ],
    ...[
      '294277-01-01',
      '4714-11-23 BC',
      '24:00:00',
      'a'.repeat(300),
      'é'.repeat(300),
      '🎈',
      'Person',
      'hr',
      'number=1',
    ],
    ...[
      'name~\0',
      'number>',
      'number=\ud800',
      'name=%',
      'id=9999999999999999999',
      '["name=a","name=b"]',
      '-name,-name',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
)

const schemas = new Map<string, Route>(
  Object.values(routes).map((route) => [`${route.method} ${apiPrefix}${route.path}`, route]),
)

function namesOfQuery({ query }: Route): readonly string[] {
  // What waits would wait, as it should.
  return query instanceof z.ZodObject ? Object.keys(query.shape).filter((name) => name !== 'wait') : []
}

const property = fc.constantFrom(
  'whole',
  'exact',
  'day',
  'moment',
  'yes',
  'uuid',
  'boss',
  'name',
  'secret',
  'id',
  'boss.name',
)
const condition = fc
  .tuple(property, fc.constantFrom('=', '!=', '<', '>', '<=', '>=', '~', '~~', '=^'), texts)
  .map((all) => all.join(''))

interface Drawn {
  readonly route: TabledRoute
  /** `undefined`: something harmless. */
  readonly params: readonly (string | undefined)[]
  readonly query: readonly (readonly [which: number, text: string])[]
}

const parts = {
  params: fc.array(
    fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: texts }),
    {
      minLength: 3,
      maxLength: 3,
    },
  ),
  query: fc.array(fc.tuple(fc.nat(20), fc.oneof(texts, condition, property)), { maxLength: 3 }),
}

/** Names of the query are mostly those that the route knows. */
function requestOf({ route, params, query }: Drawn): RawRequest {
  const left = [...params]
  const path = addressOf(route.url, (name) => left.pop() ?? (name === 'delivery' ? delivery : undefined))
  const schema = schemas.get(`${route.method} ${route.url}`)
  const known = schema === undefined ? [] : namesOfQuery(schema)
  const asked = query.map(
    ([which, text]) => `${known[which % Math.max(1, known.length)] ?? 'x'}=${escaped(text)}`,
  )
  return { method: route.method, path: asked.length === 0 ? path : `${path}?${asked.join('&')}` }
}

function expectSound({ status, headers, text }: Answered, about: unknown): void {
  expect(status, `${JSON.stringify(about)} was answered with ${status} ${text.slice(0, 2000)}`).toBeLessThan(
    500,
  )
  for (const value of Object.values(headers).flat()) expect(value, 'a header').toMatch(/^[\x20-\x7e]*$/)
  if (status < 400) return
  const { data } = z.object({ message: z.string(), remedy: z.string().optional() }).safeParse(parsed(text))
  if (data === undefined) return
  expect(`${data.message} ${data.remedy ?? ''}`).toMatch(
    /^[^\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]*$/u,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// Thousands of requests each, where it is thorough.
vi.setConfig({ testTimeout: 900_000 })

test('addresses and queries', async () => {
  const authorization = `Bearer ${harness.secrets.admin}`
  const drawn = fc.record({ route: fc.constantFrom(...table), ...parts }).map(requestOf)
  await fc.assert(
    fc.asyncProperty(drawn, async (request) => {
      expectSound(await raw.ask({ ...request, headers: { authorization } }), request)
    }),
    { numRuns: runsOf(600, 3000) },
  )
})

test('bodies that are JSON, of whatever shape', async () => {
  const headers = { authorization: `Bearer ${harness.secrets.admin}`, 'content-type': 'application/json' }
  const taking = table.filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method))
  const scalar = fc.oneof(texts, fc.double(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null))
  const drawn = fc.record({ route: fc.constantFrom(...taking), ...parts }).chain((one) => {
    const schema = schemas.get(`${one.route.method} ${one.route.url}`)?.body
    const body = schema?.kind === 'json' ? shaped(schema.schema, scalar) : fc.jsonValue()
    return body.map((value) => ({ ...requestOf({ ...one, query: [] }), body: JSON.stringify(value) ?? '' }))
  })
  await fc.assert(
    fc.asyncProperty(drawn, async (request) => expectSound(await raw.ask({ ...request, headers }), request)),
    { numRuns: runsOf(600, 3000) },
  )
})

/** What a schema takes, nearly: so near that something of it is looked at behind the schema. */
function shaped(schema: z.core.$ZodType, scalar: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const inner = (one: z.core.$ZodType) => shaped(one, scalar)
  if (schema instanceof z.ZodOptional) return fc.option(inner(schema.def.innerType), { nil: undefined })
  if (schema instanceof z.ZodNullable) return fc.option(inner(schema.def.innerType))
  if (schema instanceof z.ZodDefault) return inner(schema.def.innerType)
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.def.options.map(inner))
  if (schema instanceof z.ZodArray) return fc.array(inner(schema.def.element), { maxLength: 3 })
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(fc.oneof(fc.constantFrom('number', 'name'), texts), inner(schema.def.valueType), {
      maxKeys: 4,
    })
  if (schema instanceof z.ZodObject)
    return fc.record(
      Object.fromEntries(Object.entries(schema.def.shape).map(([name, one]) => [name, inner(one)])),
    )
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options)
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.def.values)
  if (schema instanceof z.ZodString)
    return fc.oneof(fc.constantFrom('hr', 'Person', 'name', 'ada'), texts, fc.uuid())
  if (schema instanceof z.ZodNumber) return fc.oneof(fc.nat(100), fc.maxSafeInteger(), scalar)
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  return scalar
}

test('manifests that are nearly good', async () => {
  const headers = { authorization: `Bearer ${harness.secrets.admin}`, 'content-type': 'application/json' }
  const { manifest } = contentOf('hr', ['ada'])
  const [file] = manifest.files
  const count = fc.oneof(fc.nat(3), fc.maxSafeInteger(), fc.constantFrom(-1, 2 ** 53, 1e300, '1', null))
  const field = fc.constantFrom(
    'rows',
    'read',
    'rejected',
    'nullKey',
    'duplicate',
    'noLink',
    'size',
    'filtered',
    'further',
  )
  const drawn = fc
    .record(
      { name: texts, mapping: texts, columns: fc.array(texts, { maxLength: 3 }), notes: fc.array(texts) },
      { requiredKeys: [] },
    )
    .chain((wrong) => fc.tuple(fc.constant(wrong), field, count))
    .map(([{ notes = [], ...wrong }, name, value]) => ({
      ...manifest,
      notes,
      files: [{ ...file, ...wrong, [name]: value }],
    }))
  const path = `${apiPrefix}/deliveries/${delivery}/manifest`
  await fc.assert(
    fc.asyncProperty(drawn, async (stated) => {
      const body = JSON.stringify(stated)
      expectSound(await raw.ask({ method: 'PUT', path, headers, body }), body)
    }),
    { numRuns: runsOf(200, 1000) },
  )
})

test('headers', async () => {
  const name = fc.constantFrom(
    'authorization',
    'if-match',
    'content-type',
    'content-encoding',
    'accept',
    'x-forwarded-for',
    'range',
    'expect-ct',
  )
  const value = fc.string({ unit: fc.constantFrom(...'aZ09 ";,=/*\\~\u00e9'), maxLength: 60 })
  const drawn = fc.record({
    route: fc.constantFrom(...table),
    ...parts,
    headers: fc.dictionary(name, value, { maxKeys: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(drawn, async ({ headers, ...one }) => {
      const request = {
        ...requestOf(one),
        headers: { authorization: `Bearer ${harness.secrets.admin}`, ...headers },
      }
      expectSound(await raw.ask(request), request)
    }),
    { numRuns: runsOf(300, 1500) },
  )
})

test('rejected rows that prepare has not written', async () => {
  const token = harness.secrets.admin
  const path = `${apiPrefix}/deliveries/${delivery}/files/rejected.jsonl?offset=0`
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('identity', 'gzip', 'br', 'x'),
      async (body, encoding) => {
        const headers = { authorization: `Bearer ${token}`, 'content-encoding': encoding }
        expectSound(await raw.ask({ method: 'PATCH', path, headers, body }), [encoding, body])
      },
    ),
    { numRuns: runsOf(100, 600) },
  )
})

test('and the server answers as before', async () => {
  expect(await raw.ask({ method: 'GET', path: '/ready' })).toMatchObject({ status: 200 })
})
