import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'
import { sourceSearch } from './sources-search.ts'

export const sourceRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/sources',
    component: lazyRouteComponent(() => import('./sources-page.tsx'), 'SourcesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/sources/$source',
    validateSearch: sourceSearch,
    component: lazyRouteComponent(() => import('./source-page.tsx'), 'SourcePage'),
  }),
]
