/**
 * Opens the place where files lie, of whatever kind it is.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import type { PlaceOptions } from './options.ts'
import type { Place } from './place.ts'

/** What a place needs is loaded when it is used. */
export async function openPlace(options: PlaceOptions, context: ConnectorContext): Promise<Place> {
  switch (/^([a-z0-9]+):\/\//i.exec(options.from)?.[1]?.toLowerCase()) {
    case 'http':
    case 'https':
      return (await import('./http-place.ts')).openHttp(options, context)
    case 'sftp':
      return (await import('./sftp-place.ts')).openSftp(options, context)
    case 's3':
      return (await import('./s3-place.ts')).openS3(options, context)
    default:
      return (await import('./folder-place.ts')).openFolder(context.resolvePath(options.from))
  }
}
