export type {
  Answer,
  AnswerOf,
  ExportedFilesRequest,
  ExportRequest,
  OnProgramLine,
  ProgramLine,
} from './contract/export-request.ts'
export type { Exported, LocatedFile, LocatedTable } from './contract/exported.ts'
export { exportedFiles, exportSource, findFiles } from './export-source.ts'
export { locateSourceFiles, locateTable, locateTables } from './files/locate-source-files.ts'
export { whyNoChanges } from './files/look-for-changes.ts'
export {
  DeliveryNotReadyError,
  isAbsence,
  OutdatedFileError,
  UnreadableSourceFileError,
} from './files/source-file-errors.ts'
export { WrongExportModeError } from './program/program-errors.ts'
