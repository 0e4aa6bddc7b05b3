import { expect, test } from 'vitest'
import { type Answered, type Asked, HttpSystem } from '../../test/http-system.ts'
import { record } from '../../test/recorded-export.ts'
import { sharepoint } from './connector.ts'

/** A site with two lists; another one that is deleted while it is read. */
function answer({ path, query, origin }: Asked): Answered {
  if (path.endsWith('/token')) return { body: { access_token: 't', expires_in: 3599 } }
  const site = '/v1.0/sites/example.sharepoint.com,1,2'
  const values: Readonly<Record<string, readonly object[]>> = {
    '/v1.0/sites/getAllSites': [{ id: 'example.sharepoint.com,1,2', displayName: 'Home' }, { id: 'gone' }],
    [`${site}/lists`]: [{ id: 'l1', displayName: 'Tasks' }, { id: 'l2' }],
    [`${site}/lists/l1/items`]: query.has('$skiptoken')
      ? [{ id: '2', fields: { Title: 'Second' } }]
      : [{ id: '1', fields: { Title: 'First' } }],
    [`${site}/lists/l2/items`]: [],
  }
  const value = values[path]
  if (value === undefined)
    return {
      status: 404,
      body: { error: { code: 'itemNotFound', message: 'Requested site could not be found' } },
    }
  const more = path.endsWith('/l1/items') && !query.has('$skiptoken')
  return { body: { value, ...(more ? { '@odata.nextLink': `${origin}${path}?$skiptoken=x` } : {}) } }
}

test('items are read list by list of each site, with their fields', async () => {
  await using system = await HttpSystem.open(answer)
  const options = {
    tenant: 'example',
    client: 'c',
    secret: { environment: 'S' },
    graph: system.address,
    login: system.address,
  }
  const wanted = {
    'lists.csv': ['id', 'site', 'displayName'],
    'items.csv': ['site', 'list', 'id', 'fields.Title'],
  }
  const { tables, statement } = await record(sharepoint, options, wanted, { secrets: { S: 's' } })
  const site = 'example.sharepoint.com,1,2'
  expect(tables['lists.csv']?.slice(1)).toEqual([
    ['l1', site, 'Tasks'],
    ['l2', site, undefined],
  ])
  expect(tables['items.csv']?.slice(1)).toEqual([
    [site, 'l1', '1', 'First'],
    [site, 'l1', '2', 'Second'],
  ])
  expect(statement.note).toContain('lists.csv: 1 of sites were gone when they were asked for.')
})
