/**
 * Why rows are not shown.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-PROJECT-18: a preview took too long.
 *
 * What was proposed works on each row, such as an expression within an expression. Rows are looked at in a process of its own, which was ended.
 */
export class PreviewTooLongError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-18'
  readonly blame = 'usage'
  readonly retry = false

  constructor(milliseconds: number) {
    super(`The preview was stopped: it did not end within ${milliseconds / 1000} seconds.`, {
      remedy: 'Ask for fewer rows, or write simpler expressions.',
    })
  }
}

/**
 * SLUICE-PROJECT-19: a preview took too much memory.
 *
 * Rows are looked at in a process of its own, which was ended.
 */
export class PreviewTooLargeError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-19'
  readonly blame = 'usage'
  readonly retry = false

  constructor(megabytes: number) {
    super(`The preview was stopped: it needed more than ${megabytes} MB of memory.`, {
      remedy: 'Ask for fewer rows, or write simpler expressions.',
    })
  }
}
