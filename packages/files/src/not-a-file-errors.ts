/**
 * What is found in the place of a file or a folder, and is none.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-PREPARE-45: a folder of the work folder is a symbolic link.
 *
 * Sluice follows no links there: whoever can put one there could have files written or removed elsewhere. To have the work folder on another disk,
 * name it with `workFolder`.
 */
export class LinkedFolderError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-45'
  readonly blame = 'usage'
  readonly retry = false

  constructor(path: string) {
    super(`${path} is a symbolic link, and Sluice follows none there.`, {
      remedy: 'Remove the link. To keep the files elsewhere, name that folder with workFolder.',
      place: { file: path },
      details: { folder: path },
    })
  }
}

/**
 * SLUICE-PREPARE-46: a pipe, a device or a folder is in the place of a small file, such as a note or a token.
 *
 * Of a pipe nobody knows whether it ever ends, so it is not read. Put a file in its place.
 */
export class NotAFileError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-46'
  readonly blame = 'usage'
  readonly retry = false

  constructor(path: string) {
    super(`${path} is not a file.`, {
      remedy: 'Put a file in its place; pipes and devices are not read.',
      place: { file: path },
      details: { file: path },
    })
  }
}
