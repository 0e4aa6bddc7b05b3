export {
  ChangesInCompleteError,
  ChangesInPlaceOfAllError,
  NoCommandsError,
  NothingOfCommandsError,
  UnclearCommandsError,
} from './command-errors.ts'
export {
  type Reference,
  type ReferenceCandidate,
  whyBroken,
} from './compare/reference.ts'
export {
  BrokenReferenceError,
  MissingReferenceError,
  MovedReferenceError,
  OtherColumnsError,
  OutdatedReferenceError,
  TamperedReferenceError,
} from './compare/reference-errors.ts'
export { GraphFormError } from './graph/graph-errors.ts'
export { type FileHeader, headerOfFile } from './header-of-file.ts'
export { inspectDelta, inspectRejections, inspectSorted } from './inspect-prepared.ts'
export { type Prepared, type PrepareRequest, prepare } from './prepare.ts'
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
  RowCountError,
  SortFailedError,
  UnfitPreparedFileError,
} from './prepare-errors.ts'
export { type Projection, projectionsOf } from './projection.ts'
export { readSideFile } from './read-side-file.ts'
export { readValueTable } from './read-value-table.ts'
export { ExpressionError } from './shape/load-expressions.ts'
export { loadShapingChecks } from './shape/shaping-checks.ts'
export { type TriedRow, type TryRequest, tryMapping } from './try-mapping.ts'
