import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'
import { readBrowse, writeBrowse } from './browse.ts'
import { readDuplicatesBy } from './duplicates-address.ts'
import { readResourceView, writeResourceView } from './resource-view.ts'

export const resourceRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/resources',
    component: lazyRouteComponent(() => import('./types-page.tsx'), 'TypesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/resources/$type',
    validateSearch: (address: Record<string, unknown>) => writeBrowse(readBrowse(address)),
    component: lazyRouteComponent(() => import('./type-page.tsx'), 'TypePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/resources/$type/new',
    component: lazyRouteComponent(() => import('./create-page.tsx'), 'CreatePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/resources/$type/$id',
    validateSearch: (address: Record<string, unknown>) => writeResourceView(readResourceView(address)),
    component: lazyRouteComponent(() => import('./resource-page.tsx'), 'ResourcePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/resources/$type/duplicates',
    validateSearch: (address: Record<string, unknown>): { by?: string } => {
      const by = readDuplicatesBy(address)
      return by.length === 0 ? {} : { by: by.join(',') }
    },
    component: lazyRouteComponent(() => import('./duplicates-page.tsx'), 'DuplicatesPage'),
  }),
]
