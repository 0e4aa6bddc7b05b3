export { type DeliverRequest, deliver } from './deliver/deliver.ts'
export {
  ApprovalUnknownError,
  DeliveredLaterError,
  DeliveryPutAsideError,
  DeliverySuspendedError,
  ResultUnknownError,
  SourceHeldError,
  UnreadableServerFileError,
} from './deliver/deliver-errors.ts'
export { type FollowOptions, followDelivery } from './deliver/follow-delivery.ts'
export { HttpInbox } from './deliver/http-inbox.ts'
export { type PlanAtServer, planAtServer } from './deliver/plan-at-server.ts'
export { ServerLink, type ServerLinkOptions } from './deliver/server-link.ts'
export { withRetry } from './deliver/with-retry.ts'
export { type OutboxNote, type Outgoing, outboxFolder, readOutbox } from './outbox/outbox.ts'
export { ChangedOutboxError, NothingPreparedError } from './outbox/outbox-errors.ts'
export { type QueuedDelivery, readQueue } from './outbox/outbox-queue.ts'
export { lastDelivered } from './reference/move-reference.ts'
export { acknowledgedCookies, type ReferenceFound, stateFolder } from './reference/reference.ts'
export type { AgentContext, Decision, SendOptions } from './send/agent-context.ts'
export { findAgentHolder, takeAgentLock } from './send/agent-lock.ts'
export { answersFor } from './send/answer-export.ts'
export { completeBecause, decideMode, wantsIncremental } from './send/decide-mode.ts'
export { type EmptyOptions, emptyOutbox, type OutboxOutcome } from './send/empty-outbox.ts'
export { fillOutbox } from './send/fill-outbox.ts'
export { type HeaderInspection, inspectHeader, inspectTable } from './send/inspect-header.ts'
export { holdsCommands } from './send/place-in-queue.ts'
export { type PrepareSourceRequest, prepareSource } from './send/prepare-source.ts'
export { type Restated, referenceAsDelivery } from './send/reference-as-delivery.ts'
export { refuseSuspended } from './send/refuse-suspended.ts'
export { SourceBusyError, SourceNotEmptyError } from './send/send-errors.ts'
export {
  alone,
  type DecidedExport,
  findExport,
  runExport,
  type Sent,
  sendSource,
} from './send/send-source.ts'
export { setBrokenAside } from './send/set-broken-aside.ts'
export { type Swept, sweepWorkFolder } from './sweep/sweep-work-folder.ts'
