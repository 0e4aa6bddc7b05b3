/**
 * Which of the rows with one key stays: the first, or the first whose values are sound.
 *
 * A row that is rejected for a value must not stand in the way of one that is right.
 *
 * @module
 */
import { Buffer } from 'node:buffer'

/** Takes the lines of a sorted intermediate file; a line is `bytes[start, end)` without its line feed, its key ends at `keyEnd`. */
export interface KeyedLines {
  line(bytes: Buffer, line: KeyedLine, sameKey: boolean): void
  /** There are no more lines. */
  finish(): void
}

export interface KeyedLine {
  readonly start: number
  readonly keyEnd: number
  readonly end: number
}

/** Where lines go. */
export interface Outcomes {
  first(bytes: Buffer, line: KeyedLine): void
  later(bytes: Buffer, line: KeyedLine): void
}

/** Of rows that may not be sound. */
export interface JudgedOutcomes extends Outcomes {
  isSound(bytes: Buffer, line: KeyedLine): boolean
  /** A row that is not sound, beside others of its key. */
  reject(bytes: Buffer, line: KeyedLine): void
}

export class FirstOfKey implements KeyedLines {
  readonly #to: Outcomes

  constructor(to: Outcomes) {
    this.#to = to
  }

  line(bytes: Buffer, line: KeyedLine, sameKey: boolean): void {
    if (sameKey) this.#to.later(bytes, line)
    else this.#to.first(bytes, line)
  }

  finish(): void {}
}

interface KeptLine {
  readonly bytes: Buffer
  readonly line: KeyedLine
}

/** Only where a key has several rows anything is judged. Where none of them is sound the first stays, and is rejected where it is stored. */
export class FirstSoundOfKey implements KeyedLines {
  readonly #to: JudgedOutcomes
  /** The only row of its key so far. */
  #alone: KeptLine | undefined
  /** The first of several, none of which is sound so far. */
  #unsound: KeptLine | undefined
  /** A sound row of the key was found. */
  #found = false

  constructor(to: JudgedOutcomes) {
    this.#to = to
  }

  line(bytes: Buffer, line: KeyedLine, sameKey: boolean): void {
    if (!sameKey) {
      this.finish()
      this.#alone = kept(bytes, line)
      return
    }
    if (this.#alone !== undefined) this.#judge(this.#alone.bytes, this.#alone.line)
    this.#alone = undefined
    this.#judge(bytes, line)
  }

  finish(): void {
    const left = this.#alone ?? this.#unsound
    if (left !== undefined) this.#to.first(left.bytes, left.line)
    this.#alone = undefined
    this.#unsound = undefined
    this.#found = false
  }

  #judge(bytes: Buffer, line: KeyedLine): void {
    if (this.#found) this.#to.later(bytes, line)
    else if (this.#to.isSound(bytes, line)) this.#take(bytes, line)
    else if (this.#unsound === undefined) this.#unsound = kept(bytes, line)
    else this.#to.reject(bytes, line)
  }

  #take(bytes: Buffer, line: KeyedLine): void {
    if (this.#unsound !== undefined) this.#to.reject(this.#unsound.bytes, this.#unsound.line)
    this.#unsound = undefined
    this.#found = true
    this.#to.first(bytes, line)
  }
}

function kept(bytes: Buffer, { start, keyEnd, end }: KeyedLine): KeptLine {
  const line = { start: 0, keyEnd: keyEnd - start, end: end - start }
  return { bytes: Buffer.from(bytes.subarray(start, end)), line }
}
