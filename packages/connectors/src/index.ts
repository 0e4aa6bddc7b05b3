export type {
  Answer,
  AnswerOf,
  ExportedFilesRequest,
  ExportRequest,
  OnProgramLine,
  ProgramLine,
} from './contract/export-request.ts'
export type { Exported, LocatedFile, LocatedTable } from './contract/exported.ts'
export { exportedFiles, exportSource } from './export-source.ts'
export { locateSourceFiles, locateTables } from './files/locate-source-files.ts'
export {
  EmptySourceFolderError,
  MissingSourceFileError,
  UnreadableSourceFileError,
} from './files/source-file-errors.ts'
export { WrongExportModeError } from './program/program-errors.ts'
