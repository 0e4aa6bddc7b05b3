/**
 * All handlers, by the names of their routes: a route without one does not compile.
 *
 * @module
 */
import type { RouteName, Routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { accountHandlers } from './account-handlers.ts'
import { ageingHandlers } from './ageing-handlers.ts'
import { auditHandlers } from './audit-handlers.ts'
import { changeHandlers } from './change-handlers.ts'
import { checkHandlers } from './check-handlers.ts'
import { configurationHandlers } from './configuration-handlers.ts'
import { definitionHandlers } from './definition-handlers.ts'
import { deliveryHandlers } from './delivery-handlers.ts'
import { duplicateHandlers } from './duplicate-handlers.ts'
import { editHandlers } from './edit-handlers.ts'
import { graphHandlers } from './graph-handlers.ts'
import type { Handler } from './handler.ts'
import { jobHandlers } from './job-handlers.ts'
import { leftOutHandlers } from './left-out-handlers.ts'
import { matchHandlers } from './match-handlers.ts'
import { notificationHandlers } from './notification-handlers.ts'
import { orderHandlers } from './order-handlers.ts'
import { planHandlers } from './plan-handlers.ts'
import { previewHandlers } from './preview-handlers.ts'
import { pruneHandlers } from './prune-handlers.ts'
import { replicaHandlers } from './replica-handlers.ts'
import { repositoryHandlers } from './repository-handlers.ts'
import { revertHandlers } from './revert-handlers.ts'
import { rootHandlers } from './root-handlers.ts'
import { runHandlers } from './run-handlers.ts'
import { sessionHandlers } from './session-handlers.ts'
import { sourceHandlers } from './source-handlers.ts'
import { sourceStartHandlers } from './source-start-handlers.ts'
import { tableHandlers } from './table-handlers.ts'
import { tokenHandlers } from './token-handlers.ts'

export type Handlers = { readonly [Name in RouteName]: Handler<Routes[Name]> }

export function handlersOf(context: ServerContext): Handlers {
  return {
    ...deliveryHandlers(context),
    ...planHandlers(context),
    ...sourceHandlers(context),
    ...definitionHandlers(context),
    ...tableHandlers(context),
    ...ageingHandlers(context),
    ...rootHandlers(context),
    ...leftOutHandlers(context),
    ...changeHandlers(context),
    ...revertHandlers(context),
    ...runHandlers(context),
    ...repositoryHandlers(context),
    ...pruneHandlers(context),
    ...graphHandlers(context),
    ...editHandlers(context),
    ...configurationHandlers(context),
    ...tokenHandlers(context),
    ...accountHandlers(context),
    ...sessionHandlers(context),
    ...auditHandlers(context),
    ...notificationHandlers(context),
    ...orderHandlers(context),
    ...replicaHandlers(context),
    ...duplicateHandlers(context),
    ...matchHandlers(context),
    ...jobHandlers(context),
    ...sourceStartHandlers(context),
    ...checkHandlers(context),
    ...previewHandlers(context),
  }
}
