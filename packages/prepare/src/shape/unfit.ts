/**
 * What a step says of a text that it can make nothing of.
 *
 * It is returned and not thrown: every row of a large file may have one.
 *
 * @module
 */
import { cutText, storableText } from '@sluice/model'

export class Unfit {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }

  /** `expected` completes "… is not …". */
  static not(text: string, expected: string): Unfit {
    return new Unfit(`"${cutText(storableText(text), 50)}" is not ${expected}`)
  }
}

/** From a text that is not empty. */
export type Step = (text: string) => string | Unfit
