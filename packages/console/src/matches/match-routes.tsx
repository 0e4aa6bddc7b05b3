import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'
import { readMatchView, writeMatchView } from './match-address.ts'

export const matchRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/matches',
    validateSearch: (address: Record<string, unknown>) => writeMatchView(readMatchView(address)),
    component: lazyRouteComponent(() => import('./matches-page.tsx'), 'MatchesPage'),
  }),
]
