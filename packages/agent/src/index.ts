export { DiskFullError, describeHolder } from '@sluice/files'
export type { AgentContext, Decision, SendOptions } from './agent-context.ts'
export { stateFolder } from './agent-context.ts'
export { completeBecause, decideMode, wantsIncremental } from './decide-mode.ts'
export { type DeliverRequest, deliver } from './deliver/deliver.ts'
export {
  ChangedOutboxError,
  DeliveredLaterError,
  NothingPreparedError,
  ResultUnknownError,
  SourceBusyError,
  SourceHeldError,
  SourceNotEmptyError,
  UndeliveredCommandsError,
  UnfitOutboxError,
  UnreadableServerFileError,
} from './deliver/deliver-errors.ts'
export { type FollowOptions, followDelivery } from './deliver/follow-delivery.ts'
export { HttpInbox } from './deliver/http-inbox.ts'
export { mayPass, patiently } from './deliver/patiently.ts'
export { ServerLink, type ServerLinkOptions } from './deliver/server-link.ts'
export {
  EmptySourceFolderError,
  MissingSourceFileError,
  UnreadableSourceFileError,
} from './export/export-errors.ts'
export { acknowledgedCookies, type ExportRequest, exportSource } from './export/export-source.ts'
export { type Exported, type ExportedFilesRequest, exportedFiles } from './export/exported-files.ts'
export type { OnProgramLine, ProgramLine } from './export/program-output.ts'
export { type HeaderInspection, inspectHeader } from './inspect-header.ts'
export { lockWork } from './lock/work-lock.ts'
export { type EmptyOptions, emptyOutbox, type OutboxOutcome } from './outbox/empty-outbox.ts'
export { fillOutbox, holdsCommands } from './outbox/fill-outbox.ts'
export { type OutboxNote, type Outgoing, outboxFolder, readOutbox } from './outbox/outbox.ts'
export {
  BrokenQuotesError,
  CompressionError,
  CutOffFileError,
  DifferentHeadersError,
  DuplicateColumnError,
  FileChangedError,
  LineTooLongError,
  MissingColumnError,
  NoHeaderError,
  SortFailedError,
} from './prepare/prepare-errors.ts'
export { type Prepared, type PrepareRequest, prepare } from './prepare.ts'
export type { AgentLog } from './schedule/agent-log.ts'
export {
  type KeepDeliveringOptions,
  keepDelivering,
  type WaitingDeliveries,
} from './schedule/keep-delivering.ts'
export { type ScheduledJob, Scheduler, type SchedulerOptions } from './schedule/scheduler.ts'
export { SourceTurns } from './schedule/source-turns.ts'
export { type StartTimes, startTimes } from './schedule/start-times.ts'
export { alone, type DecidedExport, findExport, runExport, type Sent, sendSource } from './send-source.ts'
export { lastDelivered, type ReferenceCandidate, settleReference } from './state/move-reference.ts'
export { findReference, type Reference, type ReferenceFound } from './state/reference.ts'
export {
  BrokenReferenceError,
  MissingReferenceError,
  MovedReferenceError,
  OtherColumnsError,
  OutdatedReferenceError,
  TamperedReferenceError,
} from './state/reference-errors.ts'
