/**
 * Reads Google Workspace.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { googleManifest } from './manifest.ts'
import { googleOptions } from './options.ts'

export const googleWorkspace = defineRestConnector({
  kind: 'google-workspace',
  title: 'Google Workspace: users, groups, members, organizational units',
  options: googleOptions,
  manifest: googleManifest,
})
