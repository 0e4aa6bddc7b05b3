/**
 * What a manifest can say beside its pages.
 */
import { describe, expect, test } from 'vitest'
import { type Answered, type Asked, HttpSystem } from '../../test/http-system.ts'
import { record, surroundings } from '../../test/recorded-export.ts'
import { all, answerByPage, numberedPages, optionsOf, people, quick, rows } from '../../test/rest-people.ts'
import { rest } from './connector.ts'

const pages = numberedPages
const answer = answerByPage

describe('values', () => {
  const wanted = {
    'people.csv': ['id', 'profile.city', 'work', 'tags', 'big', 'price', 'active', '@odata.type', 'nothing'],
  }
  const one =
    '{"id": "a", "profile": {"city": "Bonn"}, "tags": ["x", "y"], "big": 12345678901234567890, "price": 1.10, "active": true, "@odata.type": "#user", "nothing": null, "emails": [{"type": "home", "value": "h@x"}, {"type": "work", "value": "w@x"}]}'

  test('are nested, joined and chosen, and numbers are exact', async () => {
    await using system = await HttpSystem.open(() => ({ body: `{"data": [${one}]}` }))
    const columns = { work: 'emails[type=work].value' }
    const { tables, statement } = await record(rest, optionsOf(system, { columns }), wanted)
    expect(tables['people.csv']?.[1]).toEqual([
      'a',
      'Bonn',
      'w@x',
      'x|y',
      '12345678901234567890',
      '1.10',
      'true',
      '#user',
      undefined,
    ])
    expect(statement.note).toBe('people.csv: no record has nothing.')
  })

  test('of a list are rows of their own with each', async () => {
    await using system = await HttpSystem.open(() => ({ body: `{"data": [${one}, {"id": "b"}]}` }))
    const { tables } = await record(rest, optionsOf(system, { each: 'emails' }), {
      'people.csv': ['id', 'emails.value'],
    })
    expect(tables['people.csv']?.slice(1)).toEqual([
      ['a', 'h@x'],
      ['a', 'w@x'],
    ])
  })
})

describe('records of records', () => {
  const members: Readonly<Record<string, readonly string[]>> = { 'a/b': ['u1', 'u2'], c: [], d: ['u3'] }
  const groups = { path: '/groups', records: 'data', query: { fields: '{columns}' } }
  const options = (system: HttpSystem, table: object = {}) => ({
    address: system.address,
    limits: quick,
    tables: {
      groups,
      members: {
        path: '/groups/{groups.id}/members',
        records: 'data',
        for: 'groups',
        columns: { group: 'groups.id', member: 'id' },
        ...table,
      },
    },
  })
  const answers = ({ path }: Asked): Answered => {
    if (path === '/groups') return { body: { data: Object.keys(members).map((id) => ({ id })) } }
    const group = /^\/groups\/(.+)\/members$/.exec(path)?.[1] ?? ''
    return { body: { data: (members[group] ?? []).map((id) => ({ id })) } }
  }
  const wanted = { 'members.csv': ['group', 'member'] }

  test('are asked for once for each of them, with what identifies it', async () => {
    await using system = await HttpSystem.open(answers)
    const { tables } = await record(rest, options(system), wanted)
    expect(tables['members.csv']?.slice(1).toSorted()).toEqual([
      ['a/b', 'u1'],
      ['a/b', 'u2'],
      ['d', 'u3'],
    ])
    expect(system.asked[0]?.query.get('fields')).toBe('id')
  })

  test('of one that is gone meanwhile are none, where the manifest says how that is told', async () => {
    await using system = await HttpSystem.open((asked) =>
      asked.path === '/groups/c/members' ? { status: 404 } : answers(asked),
    )
    await expect(record(rest, options(system), wanted)).rejects.toThrow('answers with 404')
    const { tables, statement } = await record(rest, options(system, { gone: [404] }), wanted)
    expect(tables['members.csv']).toHaveLength(4)
    expect(statement.note).toBe('members.csv: 1 of groups were gone when they were asked for.')
  })
})

describe('who asks', () => {
  const secrets = { PASSWORD: 'correct horse', TOKEN: 'battery staple' }
  const secret = (environment: string) => ({ environment })

  test.each([
    [
      { kind: 'basic', user: 'reader', password: secret('PASSWORD') },
      'authorization',
      `Basic ${btoa('reader:correct horse')}`,
    ],
    [{ kind: 'bearer', token: secret('TOKEN') }, 'authorization', 'Bearer battery staple'],
    [{ kind: 'bearer', token: secret('TOKEN'), scheme: 'SSWS' }, 'authorization', 'SSWS battery staple'],
    [{ kind: 'api-key', name: 'X-Api-Key', value: secret('TOKEN') }, 'x-api-key', 'battery staple'],
  ])('is shown in a header: %o', async (authentication, header, value) => {
    await using system = await HttpSystem.open(answer)
    await record(rest, optionsOf(system, { pages }, { authentication }), all, { secrets })
    expect(new Set(system.asked.map(({ headers }) => headers[header]))).toEqual(new Set([value]))
  })

  test('is shown in a parameter', async () => {
    await using system = await HttpSystem.open(answer)
    const authentication = { kind: 'api-key', name: 'key', value: secret('TOKEN'), in: 'query' }
    await record(rest, optionsOf(system, { pages }, { authentication }), all, { secrets })
    expect(system.asked.every(({ query }) => query.get('key') === 'battery staple')).toBe(true)
  })

  test('gets a token, and another one when that is expired or not accepted any more', async () => {
    let tokens = 0
    const accepted = new Set<string>()
    await using authority = await HttpSystem.open(({ body }) => {
      expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
        grant_type: 'client_credentials',
        scope: 'all',
        client_id: 'sluice',
        client_secret: 'correct horse',
      })
      accepted.add(`Bearer t${++tokens}`)
      return { body: { access_token: `t${tokens}`, expires_in: 3600 } }
    })
    await using system = await HttpSystem.open((asked) => {
      const { authorization = '' } = asked.headers
      if (!accepted.has(authorization)) return { status: 401 }
      if (asked.query.get('page') === '2') accepted.delete('Bearer t1')
      return answer(asked)
    })
    const authentication = {
      kind: 'client-credentials',
      tokenAddress: `${authority.address}/token`,
      client: 'sluice',
      secret: secret('PASSWORD'),
      scope: 'all',
    }
    const { tables } = await record(rest, optionsOf(system, { pages }, { authentication }), all, { secrets })
    expect(tables['people.csv']).toEqual(rows)
    expect(tokens).toBe(2)
  })

  test('that is refused is not tried again', async () => {
    await using system = await HttpSystem.open(() => ({
      status: 401,
      body: { error: { message: 'No such key' } },
    }))
    const failing = record(rest, optionsOf(system), all)
    await expect(failing).rejects.toMatchObject({
      passing: false,
      message: expect.stringContaining('answers with 401: No such key.'),
    })
    expect(system.asked).toHaveLength(1)
  })
})

describe('changes by time', () => {
  const changes = { by: 'time', changed: 'changed', query: { since: '{since}' } }
  const at = (minute: number) => `2026-11-30T08:${String(minute).padStart(2, '0')}:00Z`
  const changing = () =>
    HttpSystem.open(({ query }) => ({
      body: {
        data: people
          .map((person, index) => ({ ...person, changed: at(index), gone: index === 24 }))
          .filter(({ changed }) => changed >= (query.get('since') ?? '')),
      },
    }))

  test('are asked for from a while before the latest one on, and the first time is everything', async () => {
    await using system = await changing()
    const options = optionsOf(system, { changes })
    const first = await record(rest, options, all, { mode: 'incremental' })
    expect(first.statement.mode).toBe('complete')
    const second = await record(rest, options, all, { mode: 'incremental', cookies: first.cookies })
    expect(system.asked[1]?.query.get('since')).toBe(at(14))
    expect(second.tables['people.csv']).toEqual([
      ['command', 'id', 'name'],
      ...people.slice(14).map(({ id, name }) => ['merge', id, name]),
    ])
    expect(second.statement).toEqual({
      complete: true,
      note: 'Deleted records of people.csv are not seen; a complete finds them.',
    })
  })

  test('tell deletions where the system marks them', async () => {
    await using system = await changing()
    const options = optionsOf(system, { changes: { ...changes, deleted: 'gone' } })
    const first = await record(rest, options, all)
    expect(first.tables['people.csv']).toHaveLength(25)
    const second = await record(rest, options, all, { mode: 'incremental', cookies: first.cookies })
    expect(second.tables['people.csv']?.at(-1)).toEqual(['delete', 'u24', 'Person 24'])
    expect(second.statement).toEqual({ complete: true })
  })

  test('cannot be told where a record has no time', async () => {
    await using system = await HttpSystem.open(() => ({ body: { data: people } }))
    await expect(record(rest, optionsOf(system, { changes }), all)).rejects.toThrow(
      '25 records of people.csv have no changed',
    )
  })

  test('of another search begin anew', async () => {
    await using system = await changing()
    const { cookies } = await record(rest, optionsOf(system, { changes }), all)
    const other = optionsOf(system, { changes, query: { active: true } })
    const { statement } = await record(rest, other, all, { mode: 'incremental', cookies })
    expect(statement.mode).toBe('complete')
  })
})

describe('a look at the system', () => {
  test('says how much there is, and what cannot be read', async () => {
    await using system = await HttpSystem.open((asked) =>
      asked.path === '/people' ? answer(asked) : { status: 403, body: { message: 'Ask somebody' } },
    )
    const options = optionsOf(
      system,
      { pages },
      { tables: { people: { path: '/people', records: 'data', pages }, others: { path: '/others' } } },
    )
    const { facts, warnings } = await rest.with(options).check(surroundings())
    expect(facts).toEqual({
      server: `127.0.0.1:${system.port}`,
      'people.csv': '25 records',
      'others.csv': 'cannot be read',
    })
    expect(warnings).toEqual([
      `others.csv: 127.0.0.1:${system.port}/others answers with 403: Ask somebody. Whoever asks may not read this: look at the rights and scopes it was given.`,
    ])
  })

  test('finds columns, their types and what refers to what', async () => {
    const found = [
      {
        id: 1,
        boss: 2,
        name: 'Ann',
        born: '2000-01-02',
        seen: '2026-01-02T03:04:05Z',
        address: { city: 'Bonn' },
        pay: 1.5,
        mails: [{ value: 'x' }],
        tags: ['a'],
      },
    ]
    await using system = await HttpSystem.open(() => ({ body: { data: found } }))
    const { tables, notes } = await rest
      .with(optionsOf(system, { references: { boss: 'people' } }))
      .discover(surroundings())
    expect(tables[0]?.columns).toEqual([
      { name: 'id', type: 'integer', key: true },
      { name: 'boss', type: 'integer', references: { file: 'people.csv', column: 'id' } },
      { name: 'name', type: 'text' },
      { name: 'born', type: 'date' },
      { name: 'seen', type: 'datetime' },
      { name: 'address.city', type: 'text' },
      { name: 'pay', type: 'decimal' },
      { name: 'tags', type: 'text' },
    ])
    expect(tables[0]?.options).toMatchObject({ path: '/people', records: 'data' })
    expect(notes).toEqual([
      'people holds lists at "mails": a table with each: mails has a row for each of their values.',
    ])
  })
})

describe('a manifest', () => {
  const table = { path: '/people' }
  test.each([
    [
      'a placeholder that stands for nothing',
      { people: { path: '/people/{id}' } },
      'must not have {id}, which stands for nothing here',
    ],
    [
      'records of a table that is not there',
      { people: { ...table, for: 'groups' } },
      'must name another table',
    ],
    [
      'tables that are below one another in a ring',
      { a: { ...table, for: 'b' }, b: { ...table, for: 'a' } },
      'must name another table',
    ],
    [
      'rows of values with changes by time',
      { people: { ...table, each: 'x', changes: { by: 'time', changed: 'y', query: {} } } },
      'cannot be by time',
    ],
  ])('is refused with %s', (_, tables, message) => {
    expect(
      rest.schema.safeParse({ address: 'https://crm.example', tables }).error?.issues[0]?.message,
    ).toContain(message)
  })
})
