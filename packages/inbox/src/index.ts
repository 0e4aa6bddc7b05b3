export {
  type Edited,
  type EditOptions,
  type PlannedEdit,
  type PlanResult,
  RunNotHeldError,
} from '@sluice/engine'
export {
  AnnouncementDiffersError,
  ColumnsDifferError,
  DamagedDeliveryError,
  DeliveryNotAsideError,
  DeliveryNotOpenError,
  DeliveryNotWaitingError,
  DeliveryTooLargeError,
  FileAtWorkError,
  InboxElsewhereError,
  InitialRefusedError,
  OffsetDiffersError,
  PutAsideError,
  UnknownDeliverySourceError,
  UnsafeDeliveryFileError,
} from './queue/delivery-errors.ts'
export type { QueueLength } from './queue/queue.ts'
export {
  openSynchronizer,
  type PlanOptions,
  type PreparedDelivery,
  SourceAtWorkError,
  type SynchronizeOptions,
  type Synchronizer,
  type SynchronizerOptions,
} from './synchronize/synchronizer.ts'
export type { AppendedBytes, DeliveryDecision, ServerInbox } from './upload/server-inbox.ts'
