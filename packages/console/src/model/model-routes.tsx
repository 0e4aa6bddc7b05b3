import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../shell/shell-route.tsx'
import { readModelView, writeModelView } from './model-view.ts'

export const modelRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/model',
    validateSearch: (address: Record<string, unknown>) => writeModelView(readModelView(address)),
    component: lazyRouteComponent(() => import('./model-page.tsx'), 'ModelPage'),
  }),
]
