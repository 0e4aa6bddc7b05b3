/**
 * What has to be known to read Google Workspace.
 *
 * @module
 */
import { secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import { addressSchema } from '../http/http-settings.ts'

export const googleOptions = z
  .strictObject({
    key: secretSchema.describe('The key file of the service account: {file: key.json}.'),
    subject: textSchema.describe('An administrator on whose behalf it asks: reader@example.org.'),
    customer: textSchema
      .optional()
      .meta({ default: 'my_customer' })
      .describe('The id of the customer; that of the administrator when not given.'),
    address: addressSchema
      .optional()
      .meta({ default: 'https://admin.googleapis.com' })
      .describe('Where the Directory API is.'),
  })
  .describe('Users, groups, members and organizational units of Google Workspace.')
