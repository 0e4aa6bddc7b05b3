export { type DeliverRequest, deliver } from './deliver/deliver.ts'
export {
  EmptySourceFolderError,
  MissingSourceFileError,
  UnreadableSourceFileError,
} from './export/export-errors.ts'
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
  UnsupportedModeError,
} from './prepare/prepare-errors.ts'
export { type Prepared, type PrepareRequest, prepare } from './prepare.ts'
