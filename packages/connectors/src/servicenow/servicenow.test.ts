import { expect, test } from 'vitest'
import { type Answered, type Asked, HttpSystem } from '../../test/http-system.ts'
import { record, surroundings } from '../../test/recorded-export.ts'
import { serviceNow } from './connector.ts'

const records = Array.from({ length: 25 }, (_, index) => ({
  sys_id: `${index}`.padStart(32, '0'),
  user_name: `user${index}`,
  manager: '0'.repeat(32),
  sys_updated_on: `2026-11-30 08:${String(index).padStart(2, '0')}:00`,
  active: 'true',
}))

/** Its second page is empty: the user may read none of those records, and others follow. */
function answer({ path, query, headers, origin }: Asked): Answered {
  if (headers.authorization !== `Basic ${btoa('reader:correct horse')}`)
    return {
      status: 401,
      body: {
        error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' },
        status: 'failure',
      },
    }
  if (path !== '/api/now/table/sys_user')
    return {
      status: 400,
      body: { error: { message: 'Invalid table nothing', detail: null }, status: 'failure' },
    }
  const asked = query.get('sysparm_query') ?? ''
  const since = /sys_updated_on>=([^^]*)/.exec(asked)?.[1] ?? ''
  const found = records.filter(({ sys_updated_on: updated }) => updated >= since)
  const limit = Number(query.get('sysparm_limit'))
  const offset = Number(query.get('sysparm_offset') ?? 0)
  const fields = (query.get('sysparm_fields') ?? '').split(',')
  const page = offset === limit && since === '' ? [] : found.slice(offset, offset + limit)
  const link = new URL(`${origin}/api/now/table/sys_user`)
  for (const [name, value] of query) link.searchParams.set(name, value)
  link.searchParams.set('sysparm_offset', String(offset + limit))
  return {
    body: {
      result: page.map((record) =>
        Object.fromEntries(
          Object.entries(record).filter(([name]) => fields.includes(name) || fields.includes('')),
        ),
      ),
    },
    headers: {
      'x-total-count': String(found.length),
      ...(offset + limit < found.length
        ? { link: `<${origin}/api/now/table/sys_user?sysparm_offset=0>;rel="first",<${link}>;rel="next"` }
        : {}),
    },
  }
}

const secrets = { PASSWORD: 'correct horse' }
const optionsOf = ({ address }: HttpSystem, tables: object = { sys_user: { query: 'active=true' } }) => ({
  address,
  authentication: { kind: 'basic', user: 'reader', password: { environment: 'PASSWORD' } },
  pageSize: 10,
  tables,
})
const wanted = { 'sys_user.csv': ['sys_id', 'user_name'] }

test('records are read page by page in an order that stays, and a page that is empty is not the last', async () => {
  await using system = await HttpSystem.open(answer)
  const { tables } = await record(serviceNow, optionsOf(system), wanted, { secrets })
  expect(tables['sys_user.csv']).toHaveLength(1 + 15)
  expect(Object.fromEntries(system.asked[0]?.query ?? [])).toMatchObject({
    sysparm_query: 'active=true^ORDERBYsys_id',
    sysparm_fields: 'sys_id,user_name,sys_updated_on',
    sysparm_exclude_reference_link: 'true',
  })
})

test('an incremental asks for what was updated since, and says that deletions are not seen', async () => {
  await using system = await HttpSystem.open(answer)
  const first = await record(serviceNow, optionsOf(system), wanted, { secrets })
  const before = system.asked.length
  const second = await record(serviceNow, optionsOf(system), wanted, {
    secrets,
    mode: 'incremental',
    cookies: first.cookies,
  })
  expect(system.asked[before]?.query.get('sysparm_query')).toBe(
    'active=true^sys_updated_on>=2026-11-30 08:14:00^ORDERBYsys_id',
  )
  expect(second.tables['sys_user.csv']).toHaveLength(1 + 11)
  expect(second.tables['sys_user.csv']?.[1]?.[0]).toBe('merge')
  expect(second.statement.note).toBe('Deleted records of sys_user.csv are not seen; a complete finds them.')
})

test('what is there is found without naming tables, as far as one may read it', async () => {
  await using system = await HttpSystem.open(answer)
  const ready = serviceNow.with(optionsOf(system, {}))
  const { tables, notes } = await ready.discover(surroundings({ secrets }))
  expect(tables.map(({ name }) => name)).toEqual(['sys_user'])
  expect(tables[0]?.columns).toContainEqual({
    name: 'manager',
    type: 'text',
    references: { file: 'sys_user.csv', column: 'sys_id' },
  })
  expect(notes).toContainEqual(expect.stringContaining('sys_user_group cannot be read'))
})
