/**
 * A service of SAP Gateway: OData, with the client in each request.
 *
 * @module
 */
import type { z } from 'zod'
import type { Authentication } from '../http/http-settings.ts'
import { odataManifest } from '../odata/manifest.ts'
import type { Manifest } from '../rest/options.ts'
import type { sapOptions } from './options.ts'

type SapOptions = z.output<typeof sapOptions>

export function sapManifest(options: SapOptions): Manifest {
  const { address, pageSize, tables, version = 'v2', client } = options
  const service = { address, pageSize, tables, version, authentication: authenticationOf(options) }
  return odataManifest(service, client === undefined ? {} : { 'sap-client': String(client) })
}

function authenticationOf({ user, password, apiKey }: SapOptions): Authentication {
  if (apiKey !== undefined) return { kind: 'api-key', name: 'APIKey', value: apiKey }
  return user === undefined || password === undefined ? { kind: 'none' } : { kind: 'basic', user, password }
}
