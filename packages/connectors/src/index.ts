export {
  type Checked,
  type Connector,
  type ConnectorContext,
  type ConnectorDefinition,
  type ConnectorStatement,
  defineConnector,
  type ReadyConnector,
} from './contract/connector.ts'
export type { Discovered, DiscoveredColumn, DiscoveredTable } from './contract/discovered.ts'
export type { ExportContext, TableWriter, WantedFile } from './contract/export-context.ts'
export type {
  Answer,
  AnswerOf,
  ExportedFilesRequest,
  ExportRequest,
  OnProgramLine,
  ProgramLine,
} from './contract/export-request.ts'
export type { Exported, LocatedFile, LocatedTable } from './contract/exported.ts'
export { ManagedSystemError } from './contract/managed-system-error.ts'
export { exportedFiles, exportSource, findFiles } from './export-source.ts'
export { locateSourceFiles, locateTable, locateTables } from './files/locate-source-files.ts'
export { whyNoChanges } from './files/look-for-changes.ts'
export {
  DeliveryNotReadyError,
  isAbsence,
  OutdatedFileError,
  UnreadableSourceFileError,
} from './files/source-file-errors.ts'
export { WrongExportModeError } from './folder/export-errors.ts'
export { type ConnectorQuestion, describeConnector, questionsOf } from './kinds/connector-questions.ts'
export { type ListedConnector, listConnectors } from './kinds/list-connectors.ts'
export { loadConnector } from './kinds/load-connector.ts'
export { type AskRequest, checkSystem, discoverSystem } from './run/ask-connector.ts'
export { ConnectorUnknownError } from './run/connector-errors.ts'
export { filesOfConnector, type SampleRequest, sampleSystem } from './run/sample-system.ts'
export { type GivenExport, suggestMapping } from './run/suggest-mapping.ts'
