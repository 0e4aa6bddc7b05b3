export type { Database, QueryResult, Row, Session } from './database/database.ts'
export {
  ConnectionError,
  ConnectionLostError,
  FolderError,
  FolderInUseError,
  OutOfResourcesError,
  PermissionError,
  ServerTooOldError,
  StatementError,
} from './database/errors.ts'
export { openDatabase } from './database/open-database.ts'
export {
  type Column,
  changedRunColumn,
  columnOf,
  columnsOf,
  createdRunColumn,
  entityTable,
  family,
  familyView,
  identifier,
  isA,
  linkColumns,
  linkTable,
  literal,
  replicaTable,
  resourceIdColumn,
  resourceIdSequence,
  snakeCase,
} from './layout/layout.ts'
