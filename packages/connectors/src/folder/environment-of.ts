/**
 * What exports take variables from.
 *
 * @module
 */
import process from 'node:process'
import type { Environment } from '@sluice/model'
import type { ExportRequest } from '../contract/export-request.ts'

export function environmentOf({ environment }: Pick<ExportRequest, 'environment'>): Environment {
  // biome-ignore lint/style/noProcessEnv: the one place where the environment is the default
  return environment ?? process.env
}
