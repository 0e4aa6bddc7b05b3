/**
 * What has to be known to read a service of SAP Gateway.
 *
 * @module
 */
import { secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import { odataShape, versionSchema } from '../odata/options.ts'

const { authentication: _, ...shape } = odataShape

export const sapOptions = z
  .strictObject({
    ...shape,
    address: shape.address.describe(
      'Where the service is: https://sap.example.org/sap/opu/odata/sap/API_BUSINESS_PARTNER.',
    ),
    user: textSchema.optional().describe('Who asks, with a password.'),
    password: secretSchema.optional().describe('The password of the user.'),
    apiKey: secretSchema.optional().describe('A key in place of user and password (SAP API Business Hub).'),
    client: textSchema
      .optional()
      .describe('The client (Mandant), such as 100; that of the user when not given.'),
    version: versionSchema.meta({ default: 'v2' }).describe('Which OData it speaks.'),
  })
  .describe('Any OData service of SAP S/4HANA, ERP or SuccessFactors.')
