/**
 * Reads tables of ServiceNow.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { serviceNowManifest } from './manifest.ts'
import { serviceNowOptions } from './options.ts'

export const serviceNow = defineRestConnector({
  kind: 'servicenow',
  title: 'ServiceNow: any table, such as people, groups and configuration items',
  options: serviceNowOptions,
  manifest: serviceNowManifest,
})
