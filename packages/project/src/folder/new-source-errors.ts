/**
 * Why a source cannot be added.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-PROJECT-17: the file of a new source is there already.
 *
 * Nothing that people wrote is written over.
 */
export class SourceFileExistsError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-17'
  readonly blame = 'usage'
  readonly retry = false

  constructor(file: string) {
    super('There is such a file already.', { remedy: 'Choose another name with --name.', place: { file } })
  }
}
