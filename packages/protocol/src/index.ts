export {
  type DeliveryState,
  deliveryStates,
  type NewToken,
  newTokenSchema,
  type Permission,
  permissions,
  permitted,
  type Role,
  roles,
  type Token,
  tokenSchema,
} from '@sluice/model'
export {
  type Call,
  type Client,
  type ClientOptions,
  callerHeaders,
  checkRevision,
  type Fetch,
  type FetchAnswer,
  type FetchInit,
  openClient,
  pathOf,
  readAnswer,
  refusal,
} from './api/client.ts'
export {
  isNothingThere,
  RemoteError,
  UnexpectedAnswerError,
  UnreachableServerError,
} from './api/client-errors.ts'
export type { EditedAnswer } from './api/edited.ts'
export {
  type ErrorAnswer,
  type ErrorDocument,
  errorAnswerSchema,
  errorDocumentSchema,
  mark,
} from './api/error-document.ts'
export type { Verdict } from './api/judge-answer.ts'
export {
  isUnderstood,
  revision,
  revisionHeader,
  revisionOf,
  versionHeader,
} from './api/revision.ts'
export { type Answered, apiPrefix, file, type Route } from './api/route.ts'
export { type RouteName, type Routes, routes } from './api/routes.ts'
export type { SourceStatus } from './api/source-routes.ts'
export {
  type Announcement,
  announcementSchema,
  type DeclaredFile,
  type DeliveryStatus,
  deliveredFileNameSchema,
  type ExportFailure,
  type Inbox,
  longestRejection,
  type Manifest,
  manifestSchema,
  mostPlaces,
  type PreparedFile,
  type PreparedRejection,
  preparedFileSchema,
  preparedRejectionSchema,
  type SourceChain,
  type UploadedFile,
} from './delivery/delivery.ts'
export { findContradiction } from './delivery/find-contradiction.ts'
