/**
 * Reports how far preparing is, about five times a second however fast the work goes.
 *
 * @module
 */
import type { OnProgress } from '@sluice/model'

const interval = 200

export class PrepareProgress {
  readonly #source: string
  readonly #onProgress: OnProgress | undefined
  #subject: string | undefined
  #rows = 0
  #bytes = 0
  #totalBytes: number | undefined
  #last = 0

  constructor(source: string, onProgress: OnProgress | undefined) {
    this.#source = source
    this.#onProgress = onProgress
  }

  /** Begins something new: reading the files of a mapping, or sorting its rows. */
  begin(subject: string, totalBytes?: number): void {
    this.#subject = subject
    this.#totalBytes = totalBytes
    this.#rows = 0
    this.#bytes = 0
    this.#last = 0
    this.#report()
  }

  bytes(more: number): void {
    this.#bytes += more
    this.#report()
  }

  /** Rows so far. */
  rows(count: number): void {
    this.#rows = count
  }

  /** Everything of the subject is done. */
  done(rows: number): void {
    this.#rows = rows
    this.#bytes = this.#totalBytes ?? this.#bytes
    this.#last = 0
    this.#report()
  }

  #report(): void {
    const now = performance.now()
    if (this.#onProgress === undefined || (this.#last !== 0 && now - this.#last < interval)) return
    this.#last = now
    this.#onProgress({
      stage: 'prepare',
      source: this.#source,
      subject: this.#subject,
      rows: this.#rows,
      bytes: this.#totalBytes === undefined ? this.#bytes : Math.min(this.#bytes, this.#totalBytes),
      totalBytes: this.#totalBytes,
    })
  }
}
