/**
 * SharePoint Online, as far as Graph shows it: sites, their lists, columns and items, and which applications may do what.
 *
 * Each is asked for below the one above, so everything is read each time, and compared.
 *
 * @module
 */
import type { z } from 'zod'
import { graphManifest } from '../rest/microsoft-graph.ts'
import type { Manifest, RestTable } from '../rest/options.ts'
import type { sharepointOptions } from './options.ts'

const gone = [404]

/** Of each site. */
const ofSites = (what: string): RestTable => ({
  path: `/sites/{sites.id}/${what}`,
  for: 'sites',
  gone,
  records: 'value',
  key: 'id',
})

/** Of each list. */
const ofLists = (what: string): RestTable => ({
  path: `/sites/{sites.id}/lists/{lists.id}/${what}`,
  for: 'lists',
  gone,
  records: 'value',
  key: 'id',
})

export function sharepointManifest(options: z.output<typeof sharepointOptions>): Manifest {
  return graphManifest(options, {
    sites: { path: '/sites/getAllSites', records: 'value', key: 'id' },
    lists: { ...ofSites('lists'), columns: { site: 'sites.id' }, references: { site: 'sites' } },
    columns: { ...ofLists('columns'), columns: { list: 'lists.id' }, references: { list: 'lists' } },
    items: {
      ...ofLists('items'),
      query: { $expand: 'fields' },
      columns: { site: 'sites.id', list: 'lists.id' },
      references: { list: 'lists' },
    },
    permissions: { ...ofSites('permissions'), columns: { site: 'sites.id' }, references: { site: 'sites' } },
  })
}
