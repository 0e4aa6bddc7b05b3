import { expect, test } from 'vitest'
import { type Answered, type Asked, HttpSystem } from '../../test/http-system.ts'
import { record } from '../../test/recorded-export.ts'
import { okta } from './connector.ts'

const secrets = { TOKEN: '00abc' }

interface User {
  readonly id: string
  readonly status: string
  readonly lastUpdated: string
  readonly profile: { readonly login: string }
}

const users: readonly User[] = Array.from({ length: 25 }, (_, index) => ({
  id: `u${index}`,
  status: index === 24 ? 'DEPROVISIONED' : 'ACTIVE',
  lastUpdated: `2026-11-30T08:${String(index).padStart(2, '0')}:00.000Z`,
  profile: { login: `p${index}@example.org` },
}))

/** Pages of ten, by the header Link; deactivated users only where a filter asks for them. */
function answer({ path, query, headers, origin }: Asked): Answered {
  if (headers.authorization !== 'SSWS 00abc')
    return { status: 401, body: { errorCode: 'E0000011', errorSummary: 'Invalid token provided' } }
  if (path === '/api/v1/groups') return { body: [{ id: 'g1' }, { id: 'g2' }] }
  if (path === '/api/v1/groups/g1/users') return { body: users.slice(0, 2) }
  if (path !== '/api/v1/users')
    return { status: 404, body: { errorSummary: 'Not found: Resource not found' } }
  const since = /^lastUpdated gt "(.*)"$/.exec(query.get('filter') ?? '')?.[1]
  const found = users.filter(({ status, lastUpdated }) =>
    since === undefined ? status !== 'DEPROVISIONED' : lastUpdated > since,
  )
  const start = Number(query.get('after') ?? 0)
  const filter = since === undefined ? '' : `&filter=${encodeURIComponent(`lastUpdated gt "${since}"`)}`
  const next =
    start + 10 < found.length
      ? `, <${origin}/api/v1/users?after=${start + 10}&limit=10${filter}>; rel="next"`
      : ''
  return {
    body: found.slice(start, start + 10),
    headers: { link: `<${origin}/api/v1/users?limit=10>; rel="self"${next}` },
  }
}

const optionsOf = ({ address }: HttpSystem) => ({
  address,
  token: { environment: 'TOKEN' },
  limits: { pause: '0.001s' },
})

test('users come page by page, and the next time those that were changed; deactivated ones are deleted', async () => {
  await using system = await HttpSystem.open(answer)
  const wanted = { 'users.csv': ['id', 'profile.login'] }
  const first = await record(okta, optionsOf(system), wanted, { secrets })
  expect(first.tables['users.csv']).toHaveLength(1 + 24)
  expect(first.tables['users.csv']?.[24]).toEqual(['u23', 'p23@example.org'])
  const second = await record(okta, optionsOf(system), wanted, {
    secrets,
    mode: 'incremental',
    cookies: first.cookies,
  })
  expect(second.tables['users.csv']?.at(-1)).toEqual(['delete', 'u24', 'p24@example.org'])
  expect(second.tables['users.csv']).toHaveLength(1 + 11)
})

test('members are asked for group by group; a group that is gone meanwhile has none', async () => {
  await using system = await HttpSystem.open(answer)
  const { tables, statement } = await record(
    okta,
    optionsOf(system),
    { 'members.csv': ['group', 'member'] },
    { secrets },
  )
  expect(tables['members.csv']).toEqual([
    ['group', 'member'],
    ['g1', 'u0'],
    ['g1', 'u1'],
  ])
  expect(statement.note).toBe('members.csv: 1 of groups were gone when they were asked for.')
})

test('a limit is waited out until the second that Okta names', async () => {
  await using system = await HttpSystem.open(answer)
  const reset = Math.floor(Date.now() / 1000) + 1
  system.next.push({
    status: 429,
    headers: { 'x-rate-limit-reset': String(reset) },
    body: { errorSummary: 'API call exceeded rate limit due to too many requests.' },
  })
  await record(okta, optionsOf(system), { 'users.csv': ['id'] }, { secrets })
  expect(Date.now()).toBeGreaterThanOrEqual(reset * 1000)
})
