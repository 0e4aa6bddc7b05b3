import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'
import { runSearch, runsSearch } from './runs-search.ts'

export const runRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs',
    validateSearch: runsSearch,
    component: lazyRouteComponent(() => import('./runs-page.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/runs/$run',
    validateSearch: runSearch,
    component: lazyRouteComponent(() => import('./run-page.tsx'), 'RunPage'),
  }),
]
