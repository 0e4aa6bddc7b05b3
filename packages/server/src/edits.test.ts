/**
 * What people change through the API: resources one by one, links, many at once.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ask, createServerHarness, decided, deliver, type ServerHarness } from '../test/server-harness.ts'

const opened = new AsyncDisposableStack()
let harness: ServerHarness
let server: { readonly url: string }

beforeAll(async () => {
  harness = opened.use(await createServerHarness())
  server = await harness.serve()
  const { admin } = harness.secrets
  await decided(server, admin, (await deliver(server, admin, 'hr', ['ada', 'bob'])).id)
})
afterAll(() => opened.disposeAsync())

const editedSchema = z.looseObject({
  report: z.looseObject({ run: z.number().nullable(), state: z.string() }),
  resources: z.array(z.looseObject({ resourceId: z.string() })),
})

interface Asking {
  readonly role?: 'viewer' | 'editor' | 'operator' | 'admin'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

async function api(method: string, path: string, { role = 'editor', body, headers }: Asking = {}) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return await ask(server, `/api/v1${path}`, {
    method,
    token: harness.secrets[role],
    headers: { ...type, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

const etagOf = (answer: { readonly headers: Headers }) => answer.headers.get('etag') ?? ''
const idOf = (answer: { readonly body: unknown }) =>
  editedSchema.parse(answer.body).resources[0]?.resourceId ?? ''
const create = async (number: string, name: string) =>
  await api('POST', '/resources/Person', { body: { number, name } })

describe('a resource', () => {
  test('is created, read, changed and deleted, each time as the version that was read', async () => {
    const created = await create('100', 'grace')
    expect(created).toMatchObject({
      status: 201,
      body: { report: { cause: 'edit', by: { kind: 'token', name: 'the-editor' }, state: 'applied' } },
    })
    const path = created.headers.get('location')?.replace('/api/v1', '') ?? ''
    expect(path).toBe(`/resources/Person/${idOf(created)}`)
    const read = await api('GET', path, { role: 'viewer' })
    expect(read).toMatchObject({
      status: 200,
      body: { entityType: 'Person', values: { number: '100', name: 'grace' } },
    })
    expect(etagOf(read)).toBe(etagOf(created))
    expect(etagOf(read)).toMatch(/^"[0-9a-f]+"$/)
    const change = async (ifMatch: string) =>
      await api('PATCH', `${path}?comment=married`, {
        body: { name: 'hopper' },
        headers: { 'if-match': ifMatch },
      })
    const changed = await change(etagOf(read))
    expect(changed).toMatchObject({
      status: 200,
      body: { resource: { values: { number: '100', name: 'hopper' } } },
    })
    expect(await change(etagOf(read))).toMatchObject({ status: 412, body: { code: 'SLUICE-EDIT-09' } })
    const emptied = await api('PATCH', path, {
      body: { name: null },
      headers: { 'if-match': '*', 'content-type': 'application/merge-patch+json' },
    })
    expect(emptied).toMatchObject({
      status: 200,
      body: { resource: { values: { number: '100', name: null } } },
    })
    expect(etagOf(emptied)).not.toBe(etagOf(changed))
    const { history } = (await api('GET', `${path}/explanation`)).body as { history: unknown }
    expect(history).toMatchObject([
      { operation: 'update', before: { name: 'hopper' } },
      { operation: 'update', comment: 'married', by: { kind: 'token', name: 'the-editor' } },
      { operation: 'insert' },
    ])
    const gone = (version: string) => api('DELETE', path, { headers: { 'if-match': version } })
    expect(await gone(etagOf(changed))).toMatchObject({ status: 412 })
    expect(await gone(etagOf(emptied))).toMatchObject({ status: 200, body: { resource: null } })
    expect(await api('GET', path)).toMatchObject({ status: 404 })
    expect(await gone('*')).toMatchObject({ status: 404, body: { code: 'SLUICE-EDIT-07' } })
  })

  test('of a source is locked, for administrators too; the value that it has is fine', async () => {
    const [ada] = await listed('/resources/Person?where=name%3Dada')
    const path = `/resources/Person/${ada?.resourceId}`
    expect(await api('PATCH', path, { body: { name: 'augusta' }, role: 'admin' })).toMatchObject({
      status: 409,
      body: { code: 'SLUICE-EDIT-01', details: { property: 'name', source: 'hr' } },
    })
    expect(await api('PATCH', path, { body: { name: 'ada' } })).toMatchObject({ status: 200 })
    expect(await api('DELETE', path, { role: 'admin' })).toMatchObject({
      status: 403,
      body: { code: 'SLUICE-EDIT-02', details: { source: 'hr', policy: 'nobody' } },
    })
  })

  test('is refused where the request is not understood', async () => {
    const path = `/resources/Person/${idOf(await create('200', 'kay'))}`
    for (const tag of ['W/"x"', 'x', '"a", "b"'])
      expect(await api('PATCH', path, { body: {}, headers: { 'if-match': tag } })).toMatchObject({
        status: 400,
      })
    expect(await api('PATCH', '/resources/Person/kay', { body: {} })).toMatchObject({ status: 400 })
    expect(await api('PATCH', path, { body: { name: { a: 1 } } })).toMatchObject({ status: 400 })
    expect(await api('PATCH', path, { body: { nam: 'x' } })).toMatchObject({
      status: 422,
      body: { code: 'SLUICE-EDIT-04' },
    })
    expect(await api('POST', '/resources/Persn', { body: {} })).toMatchObject({ status: 422 })
    expect(await api('POST', '/edits', { body: { edits: [] } })).toMatchObject({ status: 400 })
  })
})

const lineSchema = z.looseObject({
  resourceId: z.string(),
  cursor: z.string(),
  values: z.record(z.string(), z.unknown()),
})

/** JSON Lines of one line are read as a document by the harness. */
async function listed(path: string) {
  const { body, status } = await api('GET', path)
  expect(status).toBe(200)
  const lines =
    typeof body === 'string'
      ? body
          .split('\n')
          .filter((line) => line !== '')
          .map((line): unknown => JSON.parse(line))
      : [body]
  return lines.map((line) => lineSchema.parse(line))
}

test('a list goes on where the page before ended, though resources come and go meanwhile', async () => {
  const ids = new Map<string, string>()
  const client = async (name: string) =>
    ids.set(name, idOf(await api('POST', '/resources/Client', { body: { number: `listed ${name}`, name } })))
  for (const name of ['d', 'b', 'f', 'h']) await client(name)
  const page = async (query: string) =>
    await listed(`/resources/Client?sort=-name&limit=2&where=number~listed${query}`)
  const first = await page('')
  expect(first.map(({ values }) => values['name'])).toEqual(['h', 'f'])
  await client('g')
  await client('c')
  await api('DELETE', `/resources/Client/${ids.get('f')}`)
  const second = await page(`&cursor=${first.at(-1)?.cursor}`)
  expect(second.map(({ values }) => values['name'])).toEqual(['d', 'c'])
  const third = await page(`&cursor=${second.at(-1)?.cursor}`)
  expect(third.map(({ values }) => values['name'])).toEqual(['b'])
})

describe('many edits at once', () => {
  const edits = (...names: readonly string[]) =>
    names.map((name) => ({ action: 'create', type: 'Account', values: { number: name, name } }))

  test('are all applied, or none', async () => {
    const body = { edits: [...edits('x'), { action: 'delete', type: 'Account', resource: 'nobody' }] }
    expect(await api('POST', '/edits', { body })).toMatchObject({
      status: 404,
      body: { code: 'SLUICE-EDIT-07', details: { edit: 1 } },
    })
    const dry = await api('POST', '/edits?dryRun=true', { body: { edits: edits('a', 'b') } })
    expect(dry).toMatchObject({
      status: 200,
      body: {
        report: { state: 'planned', run: null },
        changes: [{ operation: 'insert' }, { operation: 'insert' }],
      },
    })
    expect(await harness.repository.explain('Account', 'a')).toBeUndefined()
    const done = await api('POST', '/edits', { body: { edits: edits('a', 'b') } })
    expect(editedSchema.parse(done.body).resources).toHaveLength(2)
    expect(await harness.repository.explain('Account', 'a')).toMatchObject({ values: [{}, { value: 'a' }] })
  })

  test('are held by a threshold, and applied when somebody approves', async () => {
    const clients = edits(...Array.from({ length: 30 }, (_, n) => `n${n}`)).map((one) => ({
      ...one,
      type: 'Client',
    }))
    await api('POST', '/edits', { body: { edits: clients } })
    const removals = Array.from({ length: 12 }, (_, n) => ({
      ...{ action: 'delete', type: 'Client', resource: `number:n${n}` },
    }))
    const held = await api('POST', '/edits', { body: { edits: removals } })
    expect(held).toMatchObject({ status: 202, body: { report: { state: 'held' } } })
    const { run } = editedSchema.parse(held.body).report
    expect(await api('POST', `/runs/${run}/approve`)).toMatchObject({ status: 403 })
    expect(await api('POST', `/runs/${run}/approve`, { role: 'operator' })).toMatchObject({
      status: 200,
      body: { moved: false, report: { state: 'applied', decision: { by: 'the-operator' } } },
    })
    expect(await harness.repository.explain('Client', 'n0')).toMatchObject({ deleted: { run } })
  })
})

test('who may only read changes nothing', async () => {
  const body = { number: '9', name: 'x' }
  for (const role of ['viewer', 'operator'] as const)
    expect(await api('POST', '/resources/Person', { body, role })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('does not permit this (edit)') },
    })
})
