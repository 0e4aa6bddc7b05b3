export type { WantedAction } from '@sluice/engine'
export {
  type Edited,
  type EditOptions,
  NoSuchMatchError,
  type PlannedEdit,
  type PlanResult,
  RunNotHeldError,
  type TestRowsRequest,
} from '@sluice/engine'
export type { LoadNote } from './load/checked-rows.ts'
export {
  BadRowsError,
  LoadHeaderError,
  type LoadIssue,
  LoadOptionError,
  LoadTooLargeError,
  NoOpenTableError,
  NotCsvError,
  OpenTableError,
} from './load/load-errors.ts'
export type { LoadDialect } from './load/load-options.ts'
export {
  type LoadRequest,
  type LoadResult,
  loadInto,
  loadRows,
  type PreparedLoad,
  prepareLoad,
} from './load/load-rows.ts'
export { openSource } from './load/open-source.ts'
export { BrokenRecordError, type CsvRecord, RecordReader } from './load/record-reader.ts'
export { DeliveryNotAsideError, DeliveryNotWaitingError, PutAsideError } from './queue/aside-errors.ts'
export {
  AnnouncementDiffersError,
  ColumnsDifferError,
  DamagedDeliveryError,
  DeliveryNotOpenError,
  InboxElsewhereError,
  InitialRefusedError,
  UnknownDeliverySourceError,
} from './queue/delivery-errors.ts'
export { type QueueLength, queueLengths, type WaitingSource } from './queue/queue.ts'
export { readChains } from './queue/read-chain.ts'
export type { ActedOn } from './synchronize/act-on-replicas.ts'
export type { AgeOptions, PlanAgeingOptions, SourceAgeing } from './synchronize/age-sources.ts'
export { openSynchronizer } from './synchronize/open-synchronizer.ts'
export type {
  LoadOptions,
  LoadOutcome,
  LoadPlan,
  OpenTables,
  TableOptions,
  TablePlanOptions,
} from './synchronize/open-tables.ts'
export type { Runner } from './synchronize/run-of-table.ts'
export type { SourceRoots } from './synchronize/source-roots.ts'
export {
  type DecidedMatches,
  type DuplicatesOptions,
  type PlanOptions,
  type PreparedDelivery,
  SourceAtWorkError,
  type SynchronizeOptions,
  type Synchronizer,
  type SynchronizerOptions,
} from './synchronize/synchronizer.ts'
export { NotOwnerError, SourceObsoleteError } from './synchronize/table-errors.ts'
export type { AppendedBytes, DeliveryDecision, ServerInbox } from './upload/server-inbox.ts'
export {
  DeliveryTooLargeError,
  FileAtWorkError,
  OffsetDiffersError,
  UnsafeDeliveryFileError,
} from './upload/upload-errors.ts'
