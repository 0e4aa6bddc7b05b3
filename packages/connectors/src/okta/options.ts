/**
 * What has to be known to read Okta.
 *
 * @module
 */
import { secretSchema } from '@sluice/model'
import { z } from 'zod'
import { addressSchema } from '../http/http-settings.ts'

export const oktaOptions = z
  .strictObject({
    address: addressSchema.describe('Where the organization is: https://example.okta.com.'),
    token: secretSchema.describe('An API token of an administrator who may only read.'),
  })
  .describe('Users, groups and applications of Okta.')
