/**
 * Every address of the console, and the page that stands there. Each area of the console brings its own.
 *
 * @module
 */
import { createRouter } from '@tanstack/react-router'
import { ErrorNotice } from './design/error-notice.tsx'
import { PageSkeleton } from './design/page.tsx'
import { healthRoutes } from './health/health-routes.tsx'
import { mappingRoutes } from './mappings/mapping-routes.tsx'
import { matchRoutes } from './matches/match-routes.tsx'
import { modelRoutes } from './model/model-routes.tsx'
import { orderRoutes } from './orders/order-routes.tsx'
import { overviewRoutes } from './overview/overview-routes.tsx'
import { Palette } from './palette/palette.tsx'
import { peopleRoutes } from './people/people-routes.tsx'
import { resourceRoutes } from './resources/resource-routes.tsx'
import { runRoutes } from './runs/runs-routes.tsx'
import { NoSuchPage } from './shell/no-such-page.tsx'
import { shellRoute } from './shell/shell-route.tsx'
import { sourceRoutes } from './sources/sources-routes.tsx'

export function createConsoleRouter() {
  return createRouter({
    routeTree: shellRoute.addChildren([
      ...overviewRoutes,
      ...sourceRoutes,
      ...runRoutes,
      ...resourceRoutes,
      ...matchRoutes,
      ...orderRoutes,
      ...modelRoutes,
      ...mappingRoutes,
      ...healthRoutes,
      ...peopleRoutes,
    ]),
    basepath: new URL(document.baseURI).pathname.replace(/\/$/, ''),
    defaultPreload: 'intent',
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: ({ error, reset }) => (
      <ErrorNotice error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
    ),
    defaultNotFoundComponent: NoSuchPage,
    InnerWrap: ({ children }) => (
      <>
        {children}
        <Palette />
      </>
    ),
    scrollRestoration: true,
  })
}
