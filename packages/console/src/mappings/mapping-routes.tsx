import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'
import { readMappingView, writeMappingView } from './mapping-view.ts'

export const mappingRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/mappings',
    component: lazyRouteComponent(() => import('./mappings-page.tsx'), 'MappingsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/mappings/$source',
    validateSearch: (address: Record<string, unknown>) => writeMappingView(readMappingView(address)),
    component: lazyRouteComponent(() => import('./mapping-page.tsx'), 'MappingPage'),
  }),
]
