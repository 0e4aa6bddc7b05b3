/**
 * Reads Microsoft Entra ID through Microsoft Graph.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { entraManifest } from './manifest.ts'
import { entraOptions } from './options.ts'

export const entraId = defineRestConnector({
  kind: 'entra-id',
  title: 'Microsoft Entra ID (Azure AD): users, groups, members, owners, managers',
  options: entraOptions,
  manifest: entraManifest,
})
