/**
 * Reads any service of OData.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { odataManifest } from './manifest.ts'
import { discoverService } from './metadata.ts'
import { odataOptions } from './options.ts'

export const odata = defineRestConnector({
  kind: 'odata',
  title: 'Any service of OData 2 or 4',
  options: odataOptions,
  manifest: odataManifest,
  discover: discoverService,
})
