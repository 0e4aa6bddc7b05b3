/**
 * Reads SharePoint Online through Microsoft Graph.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { sharepointManifest } from './manifest.ts'
import { sharepointOptions } from './options.ts'

export const sharepoint = defineRestConnector({
  kind: 'sharepoint',
  title: 'SharePoint Online: sites, lists, columns, items, permissions of applications',
  options: sharepointOptions,
  manifest: sharepointManifest,
})
