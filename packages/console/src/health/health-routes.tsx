import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'

export interface HealthSearch {
  readonly type?: string
}

export const healthRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/health',
    validateSearch: ({ type }: Record<string, unknown>): HealthSearch =>
      typeof type === 'string' ? { type } : {},
    component: lazyRouteComponent(() => import('./health-page.tsx'), 'HealthPage'),
  }),
]
