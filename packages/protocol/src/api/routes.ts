/**
 * Every request that a server answers, below `/api/v1`.
 *
 * @module
 */
import { accountRoutes } from './account-routes.ts'
import { ageingRoutes } from './ageing-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { checkRoutes } from './check-routes.ts'
import { configurationRoutes } from './configuration-routes.ts'
import { definitionRoutes } from './definition-routes.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { duplicateRoutes } from './duplicate-routes.ts'
import { editRoutes } from './edit-routes.ts'
import { graphRoutes } from './graph-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { leftOutRoutes } from './left-out-routes.ts'
import { matchRoutes } from './match-routes.ts'
import { moduleRoutes } from './module-routes.ts'
import { notificationRoutes } from './notification-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { planRoutes } from './plan-routes.ts'
import { previewRoutes } from './preview-routes.ts'
import { pruneRoutes } from './prune-routes.ts'
import { replicaRoutes } from './replica-routes.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { revertRoutes } from './revert-routes.ts'
import { rootRoutes } from './root-routes.ts'
import { runRoutes } from './run-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { sourceRoutes } from './source-routes.ts'
import { tableRoutes } from './table-routes.ts'
import { tokenRoutes } from './token-routes.ts'

export const routes = {
  ...deliveryRoutes,
  ...planRoutes,
  ...sourceRoutes,
  ...definitionRoutes,
  ...tableRoutes,
  ...ageingRoutes,
  ...orderRoutes,
  ...replicaRoutes,
  ...duplicateRoutes,
  ...matchRoutes,
  ...revertRoutes,
  ...rootRoutes,
  ...moduleRoutes,
  ...leftOutRoutes,
  ...runRoutes,
  ...repositoryRoutes,
  ...pruneRoutes,
  ...graphRoutes,
  ...editRoutes,
  ...configurationRoutes,
  ...tokenRoutes,
  ...accountRoutes,
  ...sessionRoutes,
  ...auditRoutes,
  ...notificationRoutes,
  ...jobRoutes,
  ...checkRoutes,
  ...previewRoutes,
} as const
export type Routes = typeof routes
export type RouteName = keyof Routes
