import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'

export interface HealthSearch {
  readonly type?: string | undefined
  /** Of this property the list of values that go back and forth is open. */
  readonly flapping?: string | undefined
  /** Of this property the charts are open. */
  readonly trend?: string | undefined
  /** Of this source the charts are open. */
  readonly source?: string | undefined
}

export const healthRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/health',
    validateSearch: (search: Record<string, unknown>): HealthSearch => ({
      type: textOf(search['type']),
      flapping: textOf(search['flapping']),
      trend: textOf(search['trend']),
      source: textOf(search['source']),
    }),
    component: lazyRouteComponent(() => import('./health-page.tsx'), 'HealthPage'),
  }),
]

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
