export { type PlanResult, RunNotHeldError } from '@sluice/engine'
export {
  AnnouncementDiffersError,
  ColumnsDifferError,
  DamagedDeliveryError,
  DeliveryNotOpenError,
  DeliveryNotWaitingError,
  DeliveryTooLargeError,
  FileAtWorkError,
  InboxElsewhereError,
  InitialRefusedError,
  OffsetDiffersError,
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
export type { AppendedBytes, ServerInbox } from './upload/server-inbox.ts'
