export { type DeliveryState, deliveryStates } from '@sluice/model'
export {
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
  type Fetch,
  type FetchAnswer,
  type FetchInit,
  openClient,
  pathOf,
  refusal,
} from './client.ts'
export { RemoteError, UnexpectedAnswerError, UnreachableServerError } from './client-errors.ts'
export {
  type Announcement,
  announcementSchema,
  type DeclaredFile,
  type DeliveryStatus,
  deliveredFileNameSchema,
  type Inbox,
  type Manifest,
  manifestSchema,
  type PreparedFile,
  type PreparedRejection,
  preparedFileSchema,
  preparedRejectionSchema,
  type SourceChain,
  type UploadedFile,
} from './delivery.ts'
export { type ErrorDocument, errorDocumentSchema } from './error-document.ts'
export { apiPrefix, type Route } from './route.ts'
export { type RouteName, type Routes, routes, type SourceStatus } from './routes.ts'
