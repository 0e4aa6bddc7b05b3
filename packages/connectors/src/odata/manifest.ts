/**
 * A service of OData: entity sets with pages that the service cuts, or that are asked for.
 *
 * @module
 */
import type { z } from 'zod'
import type { Manifest, Pages, RestTable } from '../rest/options.ts'
import type { ODataTable, odataOptions } from './options.ts'

type Version = 'v2' | 'v4'

/** What the two versions call the same things. */
const words = {
  v2: { records: 'd.results', next: 'd.__next', total: 'd.__count', count: { $inlinecount: 'allpages' } },
  v4: { records: 'value', next: '@odata.nextLink', total: '@odata.count', count: { $count: 'true' } },
} as const

export function odataManifest(
  { address, authentication, pageSize, tables, version = 'v4' }: z.output<typeof odataOptions>,
  query: Readonly<Record<string, string>> = {},
): Manifest {
  return {
    address,
    ...(authentication === undefined ? {} : { authentication }),
    query: { ...(version === 'v2' ? { $format: 'json' } : {}), ...words[version].count, ...query },
    pages: pagesOf(version, pageSize),
    tables: Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [name, tableOf(name, table, version)]),
    ),
  }
}

function pagesOf(version: Version, pageSize: number | undefined): Pages {
  const { next, total } = words[version]
  return pageSize === undefined
    ? { by: 'link', next, total }
    : { by: 'offset', parameter: '$skip', size: { parameter: '$top', value: pageSize }, total }
}

function tableOf(name: string, table: ODataTable, version: Version): RestTable {
  const { set = name, filter, expand, order, changed, changedType, each } = table
  const own = filter === undefined ? [] : [String(filter)]
  return {
    path: `/${String(set)}`,
    records: words[version].records,
    query: {
      $select: '{columns}',
      ...(filter === undefined ? {} : { $filter: String(filter) }),
      ...(expand === undefined ? {} : { $expand: String(expand) }),
      ...(order === undefined ? {} : { $orderby: String(order) }),
    },
    ...(each === undefined ? {} : { each: String(each) }),
    ...(changed === undefined
      ? {}
      : {
          changes: {
            by: 'time' as const,
            changed: String(changed),
            query: { $filter: both([...own, `${String(changed)} ge ${sinceOf(version, changedType)}`]) },
          },
        }),
  }
}

function sinceOf(version: Version, type: ODataTable['changedType'] = 'datetime'): string {
  return version === 'v4' ? '{since}' : `${type}'{since}'`
}

function both(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions.join('') : conditions.map((one) => `(${one})`).join(' and ')
}
