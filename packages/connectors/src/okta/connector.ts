/**
 * Reads Okta.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { oktaManifest } from './manifest.ts'
import { oktaOptions } from './options.ts'

export const okta = defineRestConnector({
  kind: 'okta',
  title: 'Okta: users, groups, members, applications and who uses them',
  options: oktaOptions,
  manifest: oktaManifest,
})
