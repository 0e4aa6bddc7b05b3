export {
  type Announcement,
  announcementSchema,
  type DeliveryState,
  type DeliveryStatus,
  deliveryStates,
  type Inbox,
  type Manifest,
  manifestSchema,
  type PreparedFile,
  type PreparedRejection,
  preparedFileSchema,
  preparedRejectionSchema,
} from './delivery.ts'
