/**
 * Reads any system that speaks SCIM 2.0.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { scimManifest } from './manifest.ts'
import { scimOptions } from './options.ts'

export const scim = defineRestConnector({
  kind: 'scim',
  title: 'Any system that speaks SCIM 2.0: users, groups, members',
  options: scimOptions,
  manifest: scimManifest,
})
