export {
  type Engine,
  type EngineOptions,
  openEngine,
  SourceAtWorkError,
  type SynchronizeOptions,
} from './engine.ts'
export { RunNotHeldError } from './held-runs.ts'
export type { PlanResult } from './plan-delivery.ts'
export {
  AnnouncementDiffersError,
  ColumnsDifferError,
  DamagedDeliveryError,
  DeliveryNotOpenError,
  DeliveryTooLargeError,
  FileAtWorkError,
  InboxElsewhereError,
  InitialRefusedError,
  OffsetDiffersError,
  UnknownDeliverySourceError,
  UnsafeDeliveryFileError,
} from './receive/errors.ts'
export type { QueueLength } from './receive/queue.ts'
export type { AppendedBytes, ServerInbox } from './receive/server-inbox.ts'
