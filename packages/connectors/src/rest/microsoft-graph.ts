/**
 * What all systems behind Microsoft Graph have in common: where it is, and how an application shows who it is.
 *
 * @module
 */
import { secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import { addressSchema } from '../http/http-settings.ts'
import type { Manifest } from './options.ts'

export const graphShape = {
  tenant: textSchema.describe('The id of the tenant, or one of its domains.'),
  client: textSchema.describe('The id of the application (client id).'),
  secret: secretSchema.describe('A secret of the application (client secret).'),
  graph: addressSchema
    .optional()
    .meta({ default: 'https://graph.microsoft.com' })
    .describe('Where Graph is: national clouds have their own.'),
  login: addressSchema
    .optional()
    .meta({ default: 'https://login.microsoftonline.com' })
    .describe('Where tokens are asked for: national clouds have their own.'),
}
const graphSchema = z.object(graphShape)

export function graphManifest(options: z.output<typeof graphSchema>, tables: Manifest['tables']): Manifest {
  const { tenant, client, secret, graph = 'https://graph.microsoft.com' } = options
  const login = options.login ?? 'https://login.microsoftonline.com'
  return {
    address: `${graph.replace(/\/$/, '')}/v1.0`,
    authentication: {
      kind: 'client-credentials',
      tokenAddress: `${login.replace(/\/$/, '')}/${encodeURIComponent(String(tenant))}/oauth2/v2.0/token`,
      client,
      secret,
      scope: `${new URL(graph).origin}/.default`,
    },
    pages: { by: 'link', next: '@odata.nextLink' },
    tables,
  }
}
