import { describe, expect, test } from 'vitest'
import { type DatabaseKind, databases, openTestDatabase } from '../../../../test/databases.ts'
import { kindsOf } from '../../../../test/thoroughness.ts'
import { configurationOf } from '../../test/configuration.ts'
import { evolve } from '../evolve/evolve.ts'
import { migrate } from '../migrations/migrate.ts'
import { repositoryOn } from '../repository.ts'
import { parseSort } from './page-order.ts'
import { parseCondition } from './parse-condition.ts'
import type { ListedResource } from './read-types.ts'

const text = `
entityTypes:
  Party:
    abstract: true
    properties: { name: { type: string, indexed: true } }
  Person:
    extends: Party
    properties:
      grade: { type: integer, indexed: true }
      salary: { type: decimal, indexed: true }
      hired: { type: date, indexed: true }
      status: { type: enum, values: [active, left], indexed: true }
  Department: { extends: Party, properties: { code: string } }
`
const conditions = [
  'name=N7',
  'name>=N95',
  'name<N1',
  'name!=N7',
  'name~n7',
  'name is null',
  'salary>=90.5',
  'grade=3',
  'status=left',
]
const names = ['name', 'grade', 'salary', 'hired', 'status']

describe.each(kindsOf('indexed properties', databases))('properties with an index on %s', (kind) => {
  test('give their resources in their order, either way, page by page, those without a value last', async () => {
    await using repository = await openFilled(kind)
    const unsorted = await all(repository.resources('Person'))
    for (const text of names.flatMap((name) => [name, `-${name}`])) {
      const sort = parseSort(text)
      const [{ property, descending } = { property: '' }] = sort
      const ids = unsorted.toSorted(inOrder(property, descending === true)).map(idOf)
      expect((await all(repository.resources('Person', { sort }))).map(idOf), text).toEqual(ids)
      const paged: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await all(repository.resources('Person', { sort, cursor, limit: 70 }))
        paged.push(...page.map(idOf))
        cursor = page.at(-1)?.cursor
        if (page.length < 70) break
      }
      expect(paged, text).toEqual(ids)
    }
  })

  test('take values that no index would hold', async () => {
    await using repository = await openFilled(kind)
    await repository.database.session((session) =>
      session.execute(`
        insert into person (resource_id, name, _created_run)
          select 5000 + n, (select string_agg(md5(i::text), '') from generate_series(1, 400) i) || n, 1 from generate_series(1, 3) n;
        insert into person (resource_id, salary, _created_run)
          select 6000 + n, (repeat('7', 9000) || '.' || repeat('3', 9000))::numeric + n, 1 from generate_series(1, 3) n`),
    )
    const first = async (sort: string, where = '') =>
      (
        await all(
          repository.resources('Person', {
            sort: parseSort(sort),
            where: where === '' ? [] : [parseCondition(where)],
            limit: 3,
          }),
        )
      ).map(idOf)
    expect(await first('-salary')).toEqual(['6003', '6002', '6001'])
    const long = (
      await all(repository.resources('Person', { where: [parseCondition('name~c4ca4238a0')] }))
    ).find(({ resourceId }) => resourceId === '5002')
    expect(await first('name', `name=${long?.values['name']}`)).toEqual(['5002'])
  })

  test('find the same as those without one', async () => {
    await using repository = await openFilled(kind)
    const found = async () => {
      const lists = []
      for (const condition of conditions)
        lists.push(
          (await all(repository.resources('Person', { where: [parseCondition(condition)] }))).map(idOf),
        )
      return lists
    }
    const indexed = await found()
    for (const ids of indexed) expect(ids.length).toBeGreaterThan(0)
    await evolve(repository.database, configurationOf(text.replaceAll(', indexed: true', '')))
    expect(await found()).toEqual(indexed)
  })

  test('have it as long as the model says so', async () => {
    await using repository = await openFilled(kind)
    const indexes = async () => {
      const { rows } = await repository.database.session((session) =>
        session.query<{ name: string }>(
          "select indexname as name from pg_indexes where schemaname = current_schema() and indexname like 'sluice_sorted_%' order by 1",
        ),
      )
      return rows.map(({ name }) => name.replace('sluice_sorted_', ''))
    }
    const all = ['grade', 'hired', 'name', 'salary', 'status'].map((name) => `person.${name}`)
    expect(await indexes()).toEqual(['department.name', ...all])
    await evolve(repository.database, configurationOf(text.replaceAll(', indexed: true', '')))
    expect(await indexes()).toEqual([])
  })
})

/** Of every kind of value there are some that occur often, and none at all. */
const fill = `
  insert into person (resource_id, name, grade, salary, hired, status, _created_run)
    select n,
      case when n % 7 > 0 then case when n % 11 = 0 then repeat('L', 250 + n % 3) else 'N' || n % 97 end end,
      case when n % 5 > 0 then n % 9 end,
      case when n % 6 > 0 then (n % 89) / 2.0 + 50 end,
      case when n % 4 > 0 then date '2020-01-01' + n % 31 end,
      case when n % 3 > 0 then case when n % 2 = 0 then 'active' else 'left' end end, 1
    from generate_series(1, 700) n`

async function openFilled(kind: DatabaseKind) {
  const database = await openTestDatabase(kind)
  await migrate(database)
  await evolve(database, configurationOf(text))
  await database.session((session) => session.execute(fill))
  return repositoryOn(database)
}

/** Texts that begin with the same two hundred characters are in the order of their ids. */
function inOrder(property: string, descending: boolean) {
  const way = descending ? -1 : 1
  const comparedOf = ({ values }: ListedResource) => {
    const value = values[property]
    if (value === null || value === undefined) return undefined
    return property === 'salary' ? Number(value) : typeof value === 'string' ? value.slice(0, 200) : value
  }
  return (one: ListedResource, other: ListedResource) => {
    const [mine, theirs] = [comparedOf(one), comparedOf(other)]
    if (mine === undefined || theirs === undefined) {
      if (mine !== theirs) return mine === undefined ? 1 : -1
    } else if (mine !== theirs) return mine < theirs ? -way : way
    return way * (Number(one.resourceId) - Number(other.resourceId))
  }
}

function idOf({ resourceId }: ListedResource): string {
  return resourceId
}

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}
