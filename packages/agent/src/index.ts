export { type DeliverRequest, deliver } from './deliver/deliver.ts'
export {
  EmptySourceFolderError,
  MissingSourceFileError,
  UnreadableSourceFileError,
} from './export/export-errors.ts'
export { acknowledgedCookies, type ExportRequest, exportSource } from './export/export-source.ts'
export { type Exported, type ExportedFilesRequest, exportedFiles } from './export/exported-files.ts'
export type { OnProgramLine, ProgramLine } from './export/program-output.ts'
export { type HeaderInspection, inspectHeader } from './inspect-header.ts'
export {
  BrokenQuotesError,
  CompressionError,
  CutOffFileError,
  DifferentHeadersError,
  DiskFullError,
  DuplicateColumnError,
  FileChangedError,
  LineTooLongError,
  MissingColumnError,
  NoHeaderError,
  SortFailedError,
} from './prepare/prepare-errors.ts'
export { type Prepared, type PrepareRequest, prepare } from './prepare.ts'
export { lastDelivered, type ReferenceCandidate, settleReference } from './state/move-reference.ts'
export { findReference, type Reference, type ReferenceFound } from './state/reference.ts'
export {
  BrokenReferenceError,
  MissingReferenceError,
  MovedReferenceError,
  OtherColumnsError,
  TamperedReferenceError,
} from './state/reference-errors.ts'
