import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  add,
  DirectoryScenario,
  groups,
  linkColumns,
  member,
  people,
  remove,
  replace,
} from '../../test/active-directory-scenario.ts'
import { RangingProxy } from '../../test/ranging-proxy.ts'
import { administrator, domain, hasSamba, reader } from '../../test/samba.ts'

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const crowd = Array.from({ length: 59 }, (_, index) => `CN=u${index},${people}`)
const asReader = { user: reader.user, password: { environment: 'READER_PASSWORD' } }

describe.runIf(hasSamba)('an Active Directory (needs Samba, ldap-utils, and root)', () => {
  let scenario: DirectoryScenario
  beforeAll(async () => {
    scenario = await DirectoryScenario.open()
    await scenario.samba.change([
      add.user('Jörg Müller', '\ndepartment: sales\nproxyAddresses: smtp:b@x\nproxyAddresses: SMTP:a@x'),
      add.user('Ann', `\nmanager: CN=Jörg Müller,${people}`),
      ...crowd.map((_, index) => add.user(`u${index}`, '\ndepartment: crowd')),
      add.group('staff', [`CN=Ann,${people}`, ...crowd]),
      `${add.user('leaver')}\nuserAccountControl: 514`,
    ])
  }, 180_000)
  afterAll(() => scenario[Symbol.asyncDispose]())

  const entries = async (columns: readonly string[], filter: string) => {
    const tables = { entries: { base: people, filter } }
    const recorded = await scenario.export(
      { changes: 'compare', tables },
      { columns: { 'entries.csv': columns } },
    )
    return recorded.tables['entries.csv']?.slice(1) ?? []
  }

  test('is written as entries, with the ids that they keep, and the forms that people know', async () => {
    const columns = [
      'objectGUID',
      'objectSid',
      'dn',
      'parentdn',
      'userAccountControl',
      'whenCreated',
      'proxyAddresses',
      'manager',
    ]
    const [row = []] = await entries(columns, '(sAMAccountName=JörgMüller)')
    const [id, sid, ...others] = row
    expect(id).toMatch(guid)
    expect(sid).toMatch(/^S-1-5-21(-\d+){4}$/)
    expect(others).toEqual([
      `CN=Jörg Müller,${people}`,
      people,
      '546',
      expect.stringMatching(/^\d{14}\.0Z$/),
      'SMTP:a@x|smtp:b@x',
      undefined,
    ])
    expect(await entries(['cn'], '(cn=J\\c3\\b6rg M\\c3\\bcller)')).toEqual([['Jörg Müller']])
  })

  test('names others by their names, and by their ids', async () => {
    const [[manager] = []] = await entries(['objectGUID'], '(cn=Jörg Müller)')
    const columns = ['manager', 'manager.objectGUID', 'dn']
    expect(await entries(columns, '(cn=Ann)')).toEqual([
      [`CN=Jörg Müller,${people}`, manager, `CN=Ann,${people}`],
    ])
  })

  test('is written as members, managers and entries, of several bases', async () => {
    const tables = {
      entries: { base: [groups, people], filter: '(|(objectClass=group)(department=sales))' },
      members: { base: groups, links: 'member' },
      managers: { links: 'manager' },
    }
    const columns = {
      'entries.csv': ['cn'],
      'members.csv': ['dn', 'member'],
      'managers.csv': ['sAMAccountName', 'manager'],
    }
    const { tables: written } = await scenario.export({ changes: 'compare', tables }, { columns })
    expect(written['entries.csv']).toEqual([['cn'], ['staff'], ['Jörg Müller']])
    expect(written['members.csv']).toHaveLength(61)
    expect(written['members.csv']).toContainEqual([`CN=staff,${groups}`, `CN=Ann,${people}`])
    expect(written['managers.csv']?.slice(1)).toEqual([['Ann', `CN=Jörg Müller,${people}`]])
  })

  test('is read to the end where a server sends the members of a group in parts', async () => {
    const host = scenario.samba.host
    await using proxy = await RangingProxy.open({ host, authority: scenario.samba.authority, most: 25 })
    const tables = {
      members: { base: groups, filter: '(cn=staff*)', links: 'member' },
      entries: { base: groups, filter: '(cn=staff*)' },
    }
    const columns = { 'members.csv': linkColumns, 'entries.csv': ['objectGUID', 'member', 'cn'] }
    const through = { url: proxy.url, tables }
    const { tables: written, cookies } = await scenario.export(through, { columns })
    expect(proxy.parts).toBe(4)
    expect(written['members.csv']).toHaveLength(61)
    expect(written['entries.csv']?.[1]?.[1]?.split('|')).toHaveLength(60)
    // A group that is new is read whole in an incremental, too.
    await scenario.samba.change([add.group('staff2', crowd)])
    const changes = await scenario.export(through, { columns, mode: 'incremental', cookies })
    expect(changes.tables['members.csv']?.filter(([command]) => command === 'merge')).toHaveLength(59)
    expect(changes.tables['entries.csv']?.[1]?.[2]?.split('|')).toHaveLength(59)
  })

  test('is read from several servers, each with what it says of itself', async () => {
    const tables = { entries: { filter: '(|(sAMAccountName=Ann)(cn=staff))' }, members: { links: 'member' } }
    const columns = { 'entries.csv': ['objectGUID', 'cn'], 'members.csv': linkColumns }
    const forest = { base: people, servers: [{ url: scenario.samba.url, base: groups }], tables }
    const { tables: written, cookies } = await scenario.export(forest, { columns })
    expect(written['entries.csv']?.map(([, cn]) => cn)).toEqual(['cn', 'Ann', 'staff'])
    await scenario.samba.change([
      member('staff', 'delete', `CN=Ann,${people}`),
      member('staff', 'add', `CN=Ann,${people}`),
    ])
    const { tables: changes } = await scenario.export(forest, { columns, mode: 'incremental', cookies })
    expect(changes['entries.csv']?.map(([command, , cn]) => [command, cn])).toEqual([
      ['command', 'cn'],
      ['merge', 'staff'],
    ])
    expect(changes['members.csv']?.map(([command]) => command)).toEqual(['command', 'merge'])
    const { facts } = await scenario.check(forest)
    expect(facts['server 2']).toContain('dc1.example.test')
    const other = { ...forest, servers: [{ ...forest.servers[0], password: { environment: 'WRONG' } }] }
    await expect(scenario.export(other, { columns })).rejects.toThrow('user or password are wrong')
  })

  test('is read with StartTLS, and not without encryption', async () => {
    const tables = { entries: { base: people } }
    const plain = { url: `ldap://${scenario.samba.host}`, changes: 'compare', tables }
    const columns = { 'entries.csv': ['cn'] }
    const { tables: written } = await scenario.export({ ...plain, startTls: true }, { columns })
    expect(written['entries.csv']).toHaveLength(64)
    await expect(scenario.export(plain, { columns })).rejects.toMatchObject({
      message: expect.stringContaining('an encrypted connection'),
      remedy: expect.stringContaining('use ldaps:// or startTls'),
    })
  })

  const wrong = { password: { environment: 'WRONG' } }
  const leaver = { user: 'leaver@EXAMPLE.TEST', password: { environment: 'WRONG' } }
  const table = (more: object) => ({ tables: { entries: { base: people, ...more } } })
  const only = (...columns: readonly string[]) => ({ 'entries.csv': ['objectGUID', ...columns] })
  test.each([
    [
      wrong,
      only('cn'),
      /as Administrator@EXAMPLE.TEST failed: user or password are wrong/,
      /reader@example.org/,
    ],
    [leaver, only('cn'), /failed: (the account of this user is disabled|user or password are wrong)/, /./],
    [
      { base: 'DC=other', ...table({ base: 'DC=other' }) },
      only('cn'),
      /The base DC=other is in no naming context/,
      /DC=example,DC=test/,
    ],
    [
      table({ base: 'OU=Nobody,DC=example,DC=test' }),
      only('cn'),
      /Searching OU=Nobody.* failed: there is no such entry/,
      /base/,
    ],
    [
      table({}),
      only('sAMAcountName'),
      /no attribute "sAMAcountName", which entries.csv/,
      /Did you mean "sAMAccountName"\?/,
    ],
    [table({}), only('mail.objectGUID'), /The values of mail name no entries/, /Read the attribute itself/],
    [
      table({}),
      { 'entries.csv': ['cn'] },
      /No mapping reads objectGUID of entries.csv/,
      /Make objectGUID the key/,
    ],
    [
      asReader,
      only('cn'),
      /Reading the changes of DC=example,DC=test .* has not the right to/,
      /Replicating Directory Changes on DC=example,DC=test/,
    ],
  ])('is not read with %o, and the message says why', async (options, columns, message, remedy) => {
    await expect(scenario.export(options, { columns })).rejects.toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    })
  })

  test('is checked: the server, whether changes can be told, and how much there is', async () => {
    const { facts, warnings } = await scenario.check()
    expect(facts).toEqual({
      server: `${scenario.samba.host}:636 (dc1.example.test)`,
      user: administrator.user,
      domain,
      changes: 'dirsync, with the right that it needs',
      'entries.csv': expect.stringMatching(/^\d+ entries$/),
      'sales.csv': '1 entries',
      'members.csv': expect.stringMatching(/^\d+ links of \d entries$/),
    })
    expect(warnings).toEqual([])
    const refused = await scenario.check(asReader)
    expect(refused.facts['changes']).toBe('dirsync is refused to this user')
    expect(refused.warnings.join()).toContain('Replicating Directory Changes')
    const allowed = await scenario.check({ ...asReader, visibleOnly: true })
    expect(allowed.facts['changes']).toBe('dirsync, of what the user may read')
  })

  test('is discovered: one table of entries, and the members of groups', async () => {
    const { tables } = await scenario.discover()
    expect(tables.map(({ file, kind }) => [file, kind])).toEqual([
      ['entries.csv', 'entities'],
      ['members.csv', 'links'],
    ])
    const column = (name: string) => tables[0]?.columns.find((one) => one.name === name)
    expect(column('objectGUID')).toMatchObject({ key: true })
    expect(column('userAccountControl')).toMatchObject({
      property: 'enabled',
      transforms: [{ flag: 2 }, 'not'],
    })
    expect(column('proxyAddresses')).toMatchObject({ minor: true })
    expect(column('memberOf')).toBeUndefined()
  })
})

describe.runIf(hasSamba)('a cookie of DirSync (needs Samba, ldap-utils, and root)', () => {
  let scenario: DirectoryScenario
  beforeAll(async () => {
    scenario = await DirectoryScenario.open()
    await scenario.samba.change([add.user('Ann'), add.user('Bob')])
  }, 180_000)
  afterAll(() => scenario[Symbol.asyncDispose]())

  const columns = { 'entries.csv': ['objectGUID', 'cn', 'memberOf'] }
  const tables = { entries: { base: people, filter: '(objectClass=user)' } }

  const cookieWith = async (change: (text: string) => string) => {
    const { cookies } = await scenario.export({ tables }, { columns })
    return new Map([...cookies].map(([name, text]) => [name, change(text)]))
  }
  const cookie = /("contexts":\{"[0-9a-f]{32}":")[^"]+/
  const id = /"contexts":\{"[0-9a-f]{32}"/

  test.each([
    ['is damaged', (text: string) => text.replace(cookie, '$1AAAA'), /does not take its cookie/],
    [
      'is of another domain',
      (text: string) => text.replace(id, '"contexts":{"00"'),
      /There is no cookie of DC=example/,
    ],
    [
      'is older than the memory of the server',
      (text: string) => text.replace(/"at":"\d{4}/, '"at":"2019'),
      /is too old/,
    ],
    ['is of another filter', (text: string) => text.replaceAll('user', 'person'), /memberOf can change/],
    ['is unreadable', () => '{}', /memberOf can change/],
  ])('that %s is of no use, so everything is read', async (_, change, note) => {
    const cookies = await cookieWith(change)
    const { statement, tables: written } = await scenario.export(
      { tables },
      { columns, mode: 'incremental', cookies },
    )
    expect(statement).toMatchObject({ complete: true, mode: 'complete', note: expect.stringMatching(note) })
    expect(written['entries.csv']).toHaveLength(3)
  })

  test('is good for the next page, where the server says that there are more changes', async () => {
    const { host, authority } = scenario.samba
    const { cookies } = await scenario.export({ tables }, { columns })
    await using proxy = await RangingProxy.open({ host, authority, most: 1000, more: 1 })
    await scenario.samba.change([replace(`CN=Ann,${people}`, 'mail', 'a@x'), add.user('Cyd')])
    const wanted = { 'entries.csv': ['objectGUID', 'cn', 'mail'] }
    const asked = { columns: wanted, mode: 'incremental' as const, cookies }
    const { tables: written, cookies: next } = await scenario.export({ tables, url: proxy.url }, asked)
    expect(proxy.more).toBe(0)
    expect(written['entries.csv']?.map(([command, , cn]) => [command, cn]).sort()).toEqual([
      ['command', 'cn'],
      ['merge', 'Ann'],
      ['merge', 'Cyd'],
    ])
    proxy.more = 2
    const last = { ...asked, cookies: next }
    await expect(scenario.export({ tables, url: proxy.url }, last)).rejects.toThrow('does not get ahead')
    expect((await scenario.export({ tables }, last)).tables['entries.csv']).toHaveLength(1)
    await scenario.samba.change([remove(`CN=Cyd,${people}`)])
  })

  test('is not needed for links that are mapped by names: they come whole, and are compared', async () => {
    const both = { ...tables, members: { links: 'member', base: groups } }
    const wanted = { ...columns, 'members.csv': ['dn', 'member'] }
    await scenario.samba.change([add.group('staff', [`CN=Ann,${people}`])])
    const { cookies } = await scenario.export({ tables: both }, { columns: wanted })
    await scenario.samba.change([replace(`CN=Bob,${people}`, 'mail', 'b@x')])
    const asked = { columns: wanted, mode: 'incremental' as const, cookies }
    const { tables: written, statement } = await scenario.export({ tables: both }, asked)
    expect(written['members.csv']).toEqual([
      ['dn', 'member'],
      [`CN=staff,${groups}`, `CN=Ann,${people}`],
    ])
    expect(written['entries.csv']?.[0]).toEqual(['command', ...columns['entries.csv']])
    expect(statement.note).toContain('members.csv is read whole and compared each time')
  })
})
