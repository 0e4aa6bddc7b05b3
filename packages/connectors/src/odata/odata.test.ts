import { describe, expect, test } from 'vitest'
import { type Answered, type Asked, HttpSystem } from '../../test/http-system.ts'
import { record, surroundings } from '../../test/recorded-export.ts'
import { sap } from '../sap/connector.ts'
import { odata } from './connector.ts'

const instant = Date.UTC(2026, 10, 30, 8)
const employees = Array.from({ length: 25 }, (_, index) => ({
  ID: index,
  Name: `Person ${index}`,
  at: instant + index * 60_000,
}))

/** As services of OData 4 answer: a count, a link to the next ten. */
function four({ path, query, origin }: Asked): Answered {
  if (path === '/hr/$metadata') return { body: metadata, headers: { 'content-type': 'application/xml' } }
  const since = /ChangedAt ge (\S+?)\)?$/.exec(query.get('$filter') ?? '')?.[1]
  const found = employees.filter(({ at }) => since === undefined || at >= Date.parse(since))
  const skip = Number(query.get('$skiptoken') ?? 0)
  const filter = query.has('$filter') ? `&$filter=${encodeURIComponent(query.get('$filter') ?? '')}` : ''
  return {
    body: {
      '@odata.count': found.length,
      value: found
        .slice(skip, skip + 10)
        .map(({ ID, Name, at }) => ({ ID, Name, ChangedAt: new Date(at).toISOString() })),
      ...(skip + 10 < found.length
        ? { '@odata.nextLink': `${origin}/hr/Employees?$skiptoken=${skip + 10}${filter}` }
        : {}),
    },
  }
}

/** As SAP Gateway answers: OData 2, everything in one answer unless $top asks for less. */
function two({ query, headers }: Asked): Answered {
  if (headers.authorization !== `Basic ${btoa('reader:correct horse')}` || query.get('sap-client') !== '100')
    return { status: 401, body: { error: { code: 'X', message: { lang: 'en', value: 'Logon failed' } } } }
  const since = /datetime'([^']*)'/.exec(query.get('$filter') ?? '')?.[1]
  const found = employees.filter(({ at }) => since === undefined || at >= Date.parse(`${since}Z`))
  const skip = Number(query.get('$skip') ?? 0)
  const results = found
    .slice(skip, skip + Number(query.get('$top') ?? 1000))
    .map(({ ID, Name, at }) => ({ __metadata: { uri: 'x' }, ID, Name, ChangedAt: `/Date(${at})/` }))
  return { body: { d: { __count: String(found.length), results } } }
}

const metadata = `<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Example.HR" Alias="HR" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Thing" Abstract="true"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32"/></EntityType>
  <EntityType Name="Employee" BaseType="HR.Thing"><Property Name="Name" Type="Edm.String"/><Property Name="ChangedAt" Type="Edm.DateTimeOffset"/>
    <Property Name="Boss" Type="Edm.Int32"/><Property Name="Tags" Type="Collection(Edm.String)"/>
    <NavigationProperty Name="Manager" Type="HR.Employee"><ReferentialConstraint Property="Boss" ReferencedProperty="ID"/></NavigationProperty>
  </EntityType>
  <ComplexType Name="Address"><Property Name="City" Type="Edm.String"/></ComplexType>
  <EntityContainer Name="Container"><EntitySet Name="Employees" EntityType="HR.Employee"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

const wanted = { 'people.csv': ['ID', 'Name'] }

describe('a service of OData 4', () => {
  const optionsOf = ({ address }: HttpSystem) => ({
    address: `${address}/hr/`,
    tables: { people: { set: 'Employees', filter: 'ID ge 0', changed: 'ChangedAt' } },
  })

  test('is read along its links, then from the latest change on', async () => {
    await using system = await HttpSystem.open(four)
    const first = await record(odata, optionsOf(system), wanted)
    expect(first.tables['people.csv']).toHaveLength(1 + 25)
    expect(Object.fromEntries(system.asked[0]?.query ?? [])).toEqual({
      $count: 'true',
      $select: 'ID,Name,ChangedAt',
      $filter: 'ID ge 0',
    })
    const second = await record(odata, optionsOf(system), wanted, {
      mode: 'incremental',
      cookies: first.cookies,
    })
    expect(second.tables['people.csv']).toHaveLength(1 + 11)
    expect(system.asked[3]?.query.get('$filter')).toBe('(ID ge 0) and (ChangedAt ge 2026-11-30T08:14:00Z)')
  })

  test('that sends fewer than it counts is not taken for whole', async () => {
    await using system = await HttpSystem.open(() => ({
      body: { '@odata.count': 25, value: employees.slice(0, 10) },
    }))
    await expect(record(odata, optionsOf(system), wanted)).rejects.toThrow(
      'says that people has 25 records, and gave only 10',
    )
  })

  test('describes itself: keys, types and what refers to what', async () => {
    await using system = await HttpSystem.open(four)
    const { tables } = await odata.with({ ...optionsOf(system), tables: {} }).discover(surroundings())
    expect(tables).toMatchObject([
      {
        file: 'Employees.csv',
        columns: [
          { name: 'ID', type: 'integer', key: true },
          { name: 'Name', type: 'text' },
          { name: 'ChangedAt', type: 'datetime' },
          { name: 'Boss', type: 'integer', references: { file: 'Employees.csv', column: 'ID' } },
        ],
      },
    ])
  })

  test('that is none is named', async () => {
    await using system = await HttpSystem.open(() => ({ body: '<html><p>Log in</html>' }))
    await expect(odata.with({ ...optionsOf(system), tables: {} }).discover(surroundings())).rejects.toThrow(
      '/hr/$metadata is no document of OData.',
    )
  })
})

describe('a service of SAP', () => {
  const secrets = { PASSWORD: 'correct horse' }
  const optionsOf = ({ address }: HttpSystem) => ({
    address,
    user: 'reader',
    password: { environment: 'PASSWORD' },
    client: 100,
    pageSize: 10,
    tables: { people: { set: 'Employees', order: 'ID', changed: 'ChangedAt' } },
  })

  test('is asked page by page in its client, and times are compared as it writes them', async () => {
    await using system = await HttpSystem.open(two)
    const first = await record(sap, optionsOf(system), { 'people.csv': ['ID', 'ChangedAt'] }, { secrets })
    expect(first.tables['people.csv']).toHaveLength(1 + 25)
    expect(first.tables['people.csv']?.[1]).toEqual(['0', '2026-11-30T08:00:00'])
    const second = await record(
      sap,
      optionsOf(system),
      { 'people.csv': ['ID', 'ChangedAt'] },
      { secrets, mode: 'incremental', cookies: first.cookies },
    )
    expect(second.tables['people.csv']).toHaveLength(1 + 11)
    expect(system.asked[3]?.query.get('$filter')).toBe("ChangedAt ge datetime'2026-11-30T08:14:00'")
  })
})
