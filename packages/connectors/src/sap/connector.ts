/**
 * Reads OData services of SAP.
 *
 * @module
 */
import { discoverService } from '../odata/metadata.ts'
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { sapManifest } from './manifest.ts'
import { sapOptions } from './options.ts'

export const sap = defineRestConnector({
  kind: 'sap',
  title: 'SAP S/4HANA, ERP and SuccessFactors: OData services',
  options: sapOptions,
  manifest: sapManifest,
  discover: discoverService,
})
