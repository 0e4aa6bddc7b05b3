/**
 * Reads reports of Workday.
 *
 * @module
 */
import { defineRestConnector } from '../rest/define-rest-connector.ts'
import { workdayManifest } from './manifest.ts'
import { workdayOptions } from './options.ts'

export const workday = defineRestConnector({
  kind: 'workday',
  title: 'Workday: reports as a service, as JSON',
  options: workdayOptions,
  manifest: workdayManifest,
})
